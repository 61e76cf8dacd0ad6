package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.FRONT;
import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.TcpRoutingTest.nameBehind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Rules that change while traffic flows. */
@Tag("netty")
class RuleUpdateTest {
    private static final BackendPool NOBODY = BackendPool.of("nobody");

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. rules come and go: new ones listen, old ones refuse, their flows are reset, the lists follow")
    void rulesComeAndGo(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                TcpVm named = TcpVm.naming("named", "127.0.0.12")) {
            Rule old = LoadBalancingRule.of("old", TCP, BackendPool.of("a", vm.backend()));
            Rule next = LoadBalancingRule.of("next", TCP, BackendPool.of("b", named.backend()));
            try (Forwarder forwarder = Forwarders.builder(transport, old).build();
                    Socket client = connect(forwarder, "old")) {
                assertEcho(client, 1);
                InetSocketAddress oldPlace = forwarder.boundAddress("old");

                forwarder.update(next);

                assertEquals("named", nameBehind(forwarder, "next"));
                assertEquals(List.of(next), forwarder.rules());
                assertThrows(IllegalArgumentException.class, () -> forwarder.boundAddress("old"));
                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());
                assertThrows(ConnectException.class, () -> new Socket(oldPlace.getAddress(), oldPlace.getPort()));
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. flows survive a new name, mode, pool and port of their rule; new flows go by the new rule")
    void establishedFlowsSurvive(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                TcpVm other = TcpVm.naming("other", "127.0.0.12")) {
            LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("a", vm.backend()));
            try (Forwarder forwarder = Forwarders.builder(transport, rule).build();
                    Socket client = connect(forwarder, "web")) {
                assertEcho(client, 1);
                InetSocketAddress place = forwarder.boundAddress("web");

                forwarder.update(rule.withSessionPersistence(SessionPersistence.CLIENT_IP));
                assertEcho(client, 2);
                Frontend same = Frontend.tcp(FRONT, place.getPort());
                BackendPool elsewhere = BackendPool.of("b", Backend.of("127.0.0.12", 1));
                forwarder.update(
                        LoadBalancingRule.of("renamed", same, elsewhere).withBackendPort(other.port()));
                assertEcho(client, 3);

                assertEquals(place, forwarder.boundAddress("renamed"));
                assertEquals("other", nameBehind(forwarder, "renamed"));
                assertEcho(client, 4);
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aUdpFlowStaysWithItsBackendAndANewOneGoesByTheNewRule(Transport transport) throws IOException {
        try (UdpVm one = UdpVm.naming("one", "127.0.0.11");
                UdpVm two = UdpVm.naming("two", "127.0.0.12")) {
            LoadBalancingRule rule = LoadBalancingRule.of("dns", UDP, BackendPool.of("a", one.backend()));
            try (Forwarder forwarder = Forwarders.builder(transport, rule).build();
                    DatagramSocket early = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1")) {
                assertEquals("one", ask(early));

                forwarder.update(LoadBalancingRule.of("dns", UDP, BackendPool.of("b", two.backend())));

                assertEquals("one", ask(early));
                try (DatagramSocket late = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1")) {
                    assertEquals("two", ask(late));
                }
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F25: an update that cannot bind names rule and address, and leaves everything as it was")
    void anUpdateThatCannotBindChangesNothing(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                ServerSocket taken = new ServerSocket(0, 1, TCP.address())) {
            Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("a", vm.backend()));
            int free = Forwarders.unusedPort(FRONT);
            Rule good = LoadBalancingRule.of("good", Frontend.tcp(FRONT, free), NOBODY);
            Rule bad = LoadBalancingRule.of("bad", Frontend.tcp(FRONT, taken.getLocalPort()), NOBODY);
            try (Forwarder forwarder = Forwarders.builder(transport, rule).build();
                    Socket client = connect(forwarder, "web")) {
                assertEcho(client, 1);
                InetSocketAddress place = forwarder.boundAddress("web");

                IOException failure = assertThrows(IOException.class, () -> forwarder.update(good, bad));
                assertThrows(IllegalArgumentException.class, () -> forwarder.update(rule, rule));
                assertThrows(IllegalArgumentException.class, forwarder::update);

                String expected = "rule \"bad\": cannot listen on tcp 127.0.0.10:" + taken.getLocalPort() + ": ";
                assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
                assertEquals(List.of(rule), forwarder.rules());
                assertEquals(place, forwarder.boundAddress("web"));
                assertEcho(client, 2);
                try (Socket another = connect(forwarder, "web")) {
                    assertEcho(another, 3);
                }
                new ServerSocket(free, 1, TCP.address()).close();
            }
        }
    }

    @Test
    void aPortThatTheSystemChoseStaysWithTheNameOfItsRule() throws IOException {
        Rule a = LoadBalancingRule.of("a", TCP, NOBODY);
        Rule b = LoadBalancingRule.of("b", TCP, NOBODY);
        try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, a, b).build()) {
            InetSocketAddress placeOfA = forwarder.boundAddress("a");
            InetSocketAddress placeOfB = forwarder.boundAddress("b");

            forwarder.update(LoadBalancingRule.of("b", TCP, BackendPool.of("other")), a);

            assertEquals(placeOfA, forwarder.boundAddress("a"));
            assertEquals(placeOfB, forwarder.boundAddress("b"));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. a rule serves several front ends, IPv4 and IPv6, and keeps one while another goes")
    void aRuleServesSeveralFrontends(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("a", vm.backend()))
                    .withFrontends(TCP, Frontend.tcp("::1", 0), TCP);
            try (Forwarder forwarder = Forwarders.builder(transport, rule).build()) {
                List<InetSocketAddress> places = forwarder.boundAddresses("web");
                assertNotEquals(places.get(0), places.get(2));
                try (Socket four = new Socket(
                                places.get(0).getAddress(), places.get(0).getPort());
                        Socket six = new Socket(
                                places.get(1).getAddress(), places.get(1).getPort())) {
                    assertEcho(four, 1);
                    assertEcho(six, 2);

                    forwarder.update(rule.withFrontends(Frontend.tcp("::1", 0)));

                    assertEquals(List.of(places.get(1)), forwarder.boundAddresses("web"));
                    assertEcho(six, 3);
                    assertThrows(
                            SocketException.class, () -> four.getInputStream().read());
                }
            }
        }
    }

    @Test
    @DisplayName("2. S18: the port of a member that is gone falls to nobody, not even while rules change")
    void aNatPortFallsToNobodyElse() throws IOException {
        try (TcpVm vm1 = TcpVm.naming("vm1", "127.0.0.11");
                TcpVm vm2 = TcpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("vms", vm1.backend(), vm2.backend());
            Rule first = InboundNatRule.of("50001", TCP, pool, "vm1", 0);
            Rule second = InboundNatRule.of("50002", TCP, pool, "vm2", 0);
            try (Forwarder forwarder =
                    Forwarders.builder(Transport.AUTO, first, second).build()) {
                pool.remove("vm1");
                forwarder.update(second, first);

                assertThrows(SocketException.class, () -> nameBehind(forwarder, "50001"));
                assertEquals("vm2", nameBehind(forwarder, "50002"));
                assertEquals(1, vm1.accepted() + vm2.accepted());
            }
        }
    }

    @Test
    void aClosedForwarderAndAListenerAreRefused() throws Exception {
        Rule rule = LoadBalancingRule.of("web", TCP, NOBODY);
        CompletableFuture<Forwarder> forwarder = new CompletableFuture<>();
        CompletableFuture<Void> update = new CompletableFuture<>();
        FlowListener updates = new FlowListener() {
            @Override
            public void flowRefused(Rule refused, InetSocketAddress client, Exception cause) {
                try {
                    forwarder.join().update(rule);
                    update.complete(null);
                } catch (IOException | RuntimeException e) {
                    update.completeExceptionally(e);
                }
            }
        };
        Forwarder started =
                Forwarders.builder(Transport.AUTO, rule).listener(updates).build();
        forwarder.complete(started);
        try (started) {
            assertThrows(SocketException.class, () -> nameBehind(started, "web"));

            ExecutionException refused = assertThrows(ExecutionException.class, update::get);
            assertEquals(
                    "called by a listener (expected: a thread that may wait)",
                    refused.getCause().getMessage());
        }
        IllegalStateException closed = assertThrows(IllegalStateException.class, () -> started.update(rule));
        assertEquals("the forwarder is closed", closed.getMessage());
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F23: two threads change rules 200 times, and no connection to a front end that stays is lost")
    void noConnectionIsLostWhileRulesChange(Transport transport) throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("a", vm.backend());
            LoadBalancingRule web = LoadBalancingRule.of("web", TCP, pool);
            Rule extra = LoadBalancingRule.of("extra", UDP, NOBODY);
            try (Forwarder forwarder = Forwarders.builder(transport, web).build();
                    Socket established = connect(forwarder, "web")) {
                CompletableFuture<Void> one =
                        changes(forwarder, List.of(web, extra), List.of(web.withBackendPort(vm.port())));
                CompletableFuture<Void> two = changes(
                        forwarder,
                        List.of(extra, web),
                        List.of(web.withSessionPersistence(SessionPersistence.CLIENT_IP)));
                do {
                    try (Socket client = connect(forwarder, "web")) {
                        assertEcho(client, 1);
                    }
                    assertEcho(established, 2);
                } while (!one.isDone() || !two.isDone());
                one.get();
                two.get();

                assertTrue(forwarder.rules().size() == 1 || forwarder.rules().size() == 2);
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aForwarderThatIsClosedWhileItIsUpdatedLeavesNothingBehind(Transport transport) throws Exception {
        long sockets = ForwarderTest.openSockets();

        for (int i = 0; i < 20; i++) {
            updateAndClose(transport);
        }

        assertEquals(List.of(), ForwarderTest.ourThreads());
        Await.until("no socket is open that was not before", () -> ForwarderTest.openSockets() <= sockets);
    }

    private static void updateAndClose(Transport transport) throws Exception {
        LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, NOBODY);
        Forwarder forwarder = Forwarders.builder(transport, rule).build();
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Exception> end = CompletableFuture.supplyAsync(() -> {
            try {
                for (int n = 0; n < 100_000; n++) {
                    forwarder.update(rule.withFrontends(TCP, TCP), LoadBalancingRule.of("dns", UDP, NOBODY));
                    forwarder.update(rule);
                    first.complete(null);
                }
                return new Exception("it was never refused");
            } catch (IOException | RuntimeException e) {
                first.completeExceptionally(e);
                return e;
            }
        });
        first.get();

        forwarder.close();

        Exception refused = end.get();
        assertTrue(
                refused instanceof IOException || "the forwarder is closed".equals(refused.getMessage()),
                () -> "ended with " + refused);
    }

    private static CompletableFuture<Void> changes(Forwarder forwarder, List<Rule> rules, List<Rule> others) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    forwarder.update(rules);
                    forwarder.update(others);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void assertEcho(Socket client, int value) throws IOException {
        client.setSoTimeout(20_000);
        client.getOutputStream().write(value);
        assertEquals(value, client.getInputStream().read());
    }

    private static String ask(DatagramSocket client) throws IOException {
        return new String(UdpForwardingTest.ask(client, new byte[1]), StandardCharsets.US_ASCII);
    }
}
