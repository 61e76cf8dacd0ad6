package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.FRONT;
import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static io.evenkeel.netty.TcpRoutingTest.nameBehind;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Pools that have a front end of their own forwarder for a member. */
@Tag("netty")
class OwnFrontendsTest {
    /** That none of them hashes to one of two members: 2 in 10^12. */
    private static final int FLOWS = 40;

    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    @DisplayName("1. a front end that is a member of its own pool is passed over: all connections are served, no loop")
    void aMemberThatIsTheFrontEndIsPassedOver(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
                pool.add(Backend.of("self", FRONT, port(forwarder)));

                for (int i = 0; i < FLOWS; i++) {
                    assertEquals("vm", nameBehind(forwarder, "http"));
                }

                assertPassedOver(forwarder, pool);
                assertEquals(FLOWS, vm.accepted());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("1. a front end at a wildcard is each address of this machine")
    void aWildcardIsEachAddressOfThisMachine(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            Frontend everywhere = Frontend.tcp("0.0.0.0", 0);
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", everywhere, pool))) {
                int port = port(forwarder);
                pool.add(Backend.of("self", addressOfThisMachine(), port));

                for (int i = 0; i < FLOWS; i++) {
                    try (Socket client = new Socket(FRONT, port)) {
                        client.shutdownOutput();
                        assertEquals("vm", new String(client.getInputStream().readAllBytes(), US_ASCII));
                    }
                }

                assertPassedOver(forwarder, pool);
            }
        }
    }

    /** Not a loopback one, if there is one. */
    private static String addressOfThisMachine() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(ip -> !ip.isLoopbackAddress() && !ip.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("127.0.0.12");
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("1. so it is for UDP")
    void aMemberThatIsTheUdpFrontEndIsPassedOver(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.naming("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("dns", vm.backend());
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", UDP, pool))) {
                pool.add(Backend.of("self", FRONT, port(forwarder)));

                for (int i = 0; i < FLOWS; i++) {
                    try (DatagramSocket client = connectUdp(forwarder, "http", "127.0.0.1")) {
                        assertEquals("vm", new String(UdpForwardingTest.ask(client, new byte[1]), US_ASCII));
                    }
                }

                assertPassedOver(forwarder, pool);
                assertEquals(FLOWS, vm.received());
            }
        }
    }

    private void assertPassedOver(Forwarder forwarder, BackendPool pool) {
        assertEquals(Collections.nCopies(FLOWS, "http opened vm"), log.linesWith("opened"));
        assertEquals(List.of(), log.refusals());
        assertTrue(pool.snapshot().member("self").orElseThrow().load().failures() > 0, "it was picked");
        assertEquals(1, forwarder.faults().count(), "it is told once");
    }

    @ParameterizedTest
    @TransportsHere
    void aRuleThatLeadsToAFrontEndOfAnotherRuleTurnsItsClientsAway(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            BackendPool back = BackendPool.of("back");
            try (Forwarder forwarder = start(
                    transport,
                    LoadBalancingRule.of("http", TCP, pool),
                    InboundNatRule.of("nat", Frontend.tcp("127.0.0.9", 0), back, "self", 0))) {
                back.add(Backend.of("self", FRONT, port(forwarder)));

                assertThrows(SocketException.class, () -> {
                    try (Socket client = Forwarders.connect(forwarder, "nat")) { // where the reset may be seen already
                        client.getInputStream().read();
                    }
                });

                assertEquals("rule \"nat\": backend \"self\" could not be reached", log.awaitRefusal());
                assertEquals(
                        FRONT + ":" + port(forwarder)
                                + " is a front end of this forwarder, which would connect to itself",
                        log.refusals().get(0).getSuppressed()[0].getMessage());
                assertEquals("vm", nameBehind(forwarder, "http"));
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void ofANameThatLeadsToAFrontEndTheOtherAddressIsTaken(Transport transport) throws IOException {
        InetAddress[] addresses = {InetAddress.getByName(FRONT), InetAddress.getByName("127.0.0.11")};
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", Backend.of("two", "two.example", vm.port()));
            Faults faults = new Faults("forwarder", System::nanoTime);
            Engine engine = new Engine(
                    new EventLoops(transport, 1, host -> addresses),
                    new FlowEvents(List.of(log), faults),
                    new ConnectPolicy(10_000, 1),
                    HashSecret.random(),
                    100,
                    new FlowCount(),
                    new OwnFrontends(faults, MachineAddresses.ofSystem()));
            Rule rule = LoadBalancingRule.of("http", Frontend.tcp(FRONT, vm.port()), pool);
            try (Forwarder forwarder = Forwarder.start(List.of(rule), engine)) {
                assertEquals("vm", nameBehind(forwarder, "http"));

                assertEquals(List.of("http opened two"), log.linesWith("opened"));
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void whereItDoesNotListenAnyMoreAnybodyMay(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.11");
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())))) {
            InetSocketAddress before = forwarder.boundAddress("http");
            BackendPool next = BackendPool.of("next", Backend.of("next", FRONT, before.getPort()));
            forwarder.update(LoadBalancingRule.of("http", Frontend.tcp("127.0.0.9", 0), next));

            try (Forwarder other = start(
                    transport,
                    LoadBalancingRule.of(
                            "other", Frontend.tcp(FRONT, before.getPort()), BackendPool.of("web", vm.backend())))) {
                assertEquals("vm", nameBehind(forwarder, "http"));
                assertEquals(0, other.faults().count() + forwarder.faults().count());
            }
        }
    }

    private static int port(Forwarder forwarder) {
        return forwarder.boundAddress("http").getPort();
    }

    private Forwarder start(Transport transport, Rule... rules) throws IOException {
        return Forwarders.builder(transport, rules).listener(log).build();
    }
}
