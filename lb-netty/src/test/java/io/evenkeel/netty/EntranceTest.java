package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.Forwarders.openUdp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is let in at a front end. */
@Tag("netty")
class EntranceTest {
    private final FlowLog log = new FlowLog();
    private final SecurityGroup group =
            SecurityGroup.of("web", SecurityRule.allow(100, "seven", "127.0.1.7"), SecurityRule.deny(200, "all", "*"));

    @DisplayName("2. 97: of two TCP clients the allowed one is served, the other is reset and no backend hears of it")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aDeniedTcpClientIsResetBeforeAnyBackendHearsOfIt(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", TCP.withSecurityGroup(group), BackendPool.of("web", vm.backend())))) {
            assertReset(forwarder, "127.0.1.8");
            try (Socket allowed = connect(forwarder, "http", "127.0.1.7")) {
                assertEquals("vm1", new String(allowed.getInputStream().readAllBytes(), US_ASCII));
            }

            assertEquals(1, vm.accepted());
            assertEquals("tcp 127.0.0.10:0: security group \"web\" does not let this source in", log.awaitRefusal());
            assertEquals(0, log.refusals().get(0).getStackTrace().length);
        }
    }

    @DisplayName("2. 97: of two UDP clients the allowed one is served, what the other sends is dropped")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void theDatagramsOfADeniedClientAreDropped(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "dns", UDP.withSecurityGroup(group), BackendPool.of("dns", vm.backend())));
                DatagramSocket denied = openUdp("127.0.1.8");
                DatagramSocket allowed = openUdp("127.0.1.7")) {
            DatagramPacket question = new DatagramPacket(new byte[5], 5, forwarder.boundAddress("dns"));

            denied.send(question);
            allowed.send(question);
            allowed.receive(new DatagramPacket(new byte[9], 9));

            log.awaitLine("dns refused");
            assertEquals(1, vm.received());
        }
    }

    @DisplayName("2. 99: new rules hold for the next flow, and open flows stay")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void newRulesHoldForTheNextFlowAndOpenFlowsStay(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", TCP.withSecurityGroup(group), BackendPool.of("web", vm.backend())));
                Socket open = connect(forwarder, "http", "127.0.1.7")) {
            open.getOutputStream().write(1);
            assertEquals(1, open.getInputStream().read());

            group.replace(List.of());

            assertReset(forwarder, "127.0.1.7");
            open.getOutputStream().write(2);
            assertEquals(2, open.getInputStream().read());
        }
    }

    @DisplayName("2. a rule with a port is about the port the front end really has")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void aRuleIsAboutThePortTheFrontEndReallyHas(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", TCP.withSecurityGroup(group), BackendPool.of("web", vm.backend())))) {
            int port = forwarder.boundAddress("http").getPort();
            group.replace(List.of(SecurityRule.allow(100, "front", "*").withPort(port)));

            try (Socket allowed = connect(forwarder, "http")) {
                assertEquals("vm1", new String(allowed.getInputStream().readAllBytes(), US_ASCII));
            }
            assertEquals(List.of(), log.refusals());
        }
    }

    /** The reset may come while the client still connects. */
    private static void assertReset(Forwarder forwarder, String from) {
        assertThrows(SocketException.class, () -> {
            try (Socket denied = connect(forwarder, "http", from)) {
                TcpVm.drain(denied.getInputStream());
            }
        });
    }

    private Forwarder start(Transport transport, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule).listener(log).build();
    }
}
