package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.Forwarders.openUdp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Who is let in at a front end. */
@Tag("netty")
class EntranceTest {
    private final FlowLog log = new FlowLog();
    private final SecurityGroup group =
            SecurityGroup.of("web", SecurityRule.allow(100, "seven", "127.0.1.7"), SecurityRule.deny(200, "all", "*"));

    @DisplayName("2. 97: of two TCP clients the allowed one is served, the other is reset and no backend hears of it")
    @ParameterizedTest
    @TransportsHere
    void aDeniedTcpClientIsResetBeforeAnyBackendHearsOfIt(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", TCP.withSecurityGroup(group), BackendPool.of("web", vm.backend())))) {
            assertTrue(isReset(forwarder, "127.0.1.8"));
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
    @TransportsHere
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
    @TransportsHere
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

            assertTrue(isReset(forwarder, "127.0.1.7"));
            open.getOutputStream().write(2);
            assertEquals(2, open.getInputStream().read());
        }
    }

    @DisplayName("2. a rule with a port is about the port the front end really has")
    @ParameterizedTest
    @TransportsHere
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

    @DisplayName(
            "2. S7: of the flows of one source that come at once, a burst is served; another source is served, too")
    @ParameterizedTest
    @TransportsHere
    void newFlowsOfOneSourceAreLimited(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                UdpVm udp = UdpVm.naming("vm2", "127.0.0.12");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", TCP.withNewFlowsPerSecond(1, 2), BackendPool.of("web", vm.backend())),
                        LoadBalancingRule.of(
                                "dns", UDP.withNewFlowsPerSecond(1, 2), BackendPool.of("dns", udp.backend())))) {
            for (int i = 0; i < 2; i++) {
                try (Socket client = connect(forwarder, "http", "127.0.1.7")) {
                    assertEquals("vm1", new String(client.getInputStream().readAllBytes(), US_ASCII));
                }
            }
            Await.until("a connection is refused", () -> isReset(forwarder, "127.0.1.7"));
            try (Socket other = connect(forwarder, "http", "127.0.1.8")) {
                assertEquals("vm1", new String(other.getInputStream().readAllBytes(), US_ASCII));
            }
            Await.until("a datagram is refused", () -> {
                sendFromNewPort(forwarder);
                return log.lines().contains("dns refused");
            });

            assertEquals("tcp 127.0.0.10:0: more than 1 new flows a second from this source", log.awaitRefusal());
        }
    }

    @ParameterizedTest
    @TransportsHere
    void clientsOfIpv4AreSourcesOfTheirOwnAlsoWhereTheyComeInByIpv6(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http",
                                Frontend.tcp("::", 0).withNewFlowsPerSecond(1, 1),
                                BackendPool.of("web", vm.backend())))) {
            InetSocketAddress mapped = new InetSocketAddress(
                    "127.0.0.10", forwarder.boundAddress("http").getPort());
            for (int host = 1; host <= 5; host++) {
                try (Socket client = new Socket(
                        mapped.getAddress(), mapped.getPort(), InetAddress.getByName("127.0.1." + host), 0)) {
                    assertEquals("vm1", new String(client.getInputStream().readAllBytes(), US_ASCII));
                }
            }
        }
    }

    /** The reset may come while the client still connects. */
    private static boolean isReset(Forwarder forwarder, String from) {
        try (Socket client = connect(forwarder, "http", from)) {
            TcpVm.drain(client.getInputStream());
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void sendFromNewPort(Forwarder forwarder) {
        try (DatagramSocket client = openUdp("127.0.1.7")) {
            client.send(new DatagramPacket(new byte[5], 5, forwarder.boundAddress("dns")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Forwarder start(Transport transport, Rule... rule) throws IOException {
        return Forwarders.builder(transport, rule).listener(log).build();
    }
}
