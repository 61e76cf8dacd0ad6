package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.TcpRoutingTest.nameBehind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.FlowLimits;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** How many flows are let in. */
@Tag("netty")
class FlowLimitsTest {
    private static final FlowLimits NONE = FlowLimits.defaults();

    private final FlowLog log = new FlowLog();
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. after 10,000 flows that ended in all ways, each limit lets in exactly as many as it says")
    void countsDoNotDrift(Transport transport) throws Exception {
        int flows = 10_000;
        AtomicInteger ended = new AtomicInteger();
        FlowListener counter = new FlowListener() {
            @Override
            public void flowClosed(
                    Rule rule, InetSocketAddress client, Backend backend, long in, long out, FlowEnd end) {
                ended.incrementAndGet();
            }

            @Override
            public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
                ended.incrementAndGet();
            }
        };
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", FlowLimitsTest::echoOrReset)) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            Backend dead = Backend.of("127.0.0.12", Forwarders.unusedPort("127.0.0.12"));
            try (Forwarder forwarder = Forwarders.builder(
                            transport,
                            LoadBalancingRule.of("web", TCP, pool)
                                    .withLimits(NONE.withPerRule(7).withPerSource(6)),
                            LoadBalancingRule.of("other", TCP, pool),
                            LoadBalancingRule.of("dead", TCP, BackendPool.of("dead", dead)),
                            LoadBalancingRule.of("empty", TCP, BackendPool.of("empty")))
                    .maxFlows(8)
                    .listener(counter)
                    .listener(log)
                    .build()) {
                List<CompletableFuture<Void>> threads = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    threads.add(CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < flows / 8; i++) {
                            endInOneOfAllWays(forwarder, i);
                        }
                    }));
                }
                threads.forEach(CompletableFuture::join);
                Await.until("all flows have ended", () -> ended.get() == flows);

                assertLetsIn(6, forwarder, "web", "127.0.0.1", "its source has 6 flows");
                assertLetsIn(1, forwarder, "web", "127.0.0.2", "the rule has 7 flows");
                assertLetsIn(1, forwarder, "other", "127.0.0.2", "the forwarder has 8 flows");
            }
        }
    }

    private static void echoOrReset(Socket socket) throws IOException {
        int first = socket.getInputStream().read();
        if (first == 'r') {
            TcpVm.reset(socket);
        } else if (first >= 0) {
            socket.getOutputStream().write(first);
            TcpVm.ECHO.serve(socket);
        }
    }

    private static void endInOneOfAllWays(Forwarder forwarder, int number) {
        String[] rules = {"web", "web", "web", "dead", "empty"};
        int way = number % rules.length;
        try (Socket client = connect(forwarder, rules[way])) {
            if (way == 1) {
                TcpVm.reset(client);
            } else {
                client.getOutputStream().write(way == 2 ? 'r' : 'e');
                client.shutdownOutput();
                TcpVm.drain(client.getInputStream());
            }
        } catch (IOException e) {
            // refused or reset
        }
    }

    /** So many more, and then one that is refused for this reason. */
    private void assertLetsIn(int more, Forwarder forwarder, String rule, String from, String reason)
            throws IOException {
        for (int i = 0; i < more; i++) {
            Socket client = connect(forwarder, rule, from);
            clients.add(client);
            client.getOutputStream().write('e');
            assertEquals('e', client.getInputStream().read(), rule);
        }
        assertThrows(SocketException.class, () -> {
            try (Socket client = connect(forwarder, rule, from)) {
                TcpVm.drain(client.getInputStream());
            }
        });
        String expected = "rule \"" + rule + "\": " + reason + ", which is the limit";
        Await.until("it says: " + expected, () -> expected.equals(log.lastRefusal()));
    }

    @ParameterizedTest
    @TransportsHere
    void aBackendThatIsFullIsPassedOver(Transport transport) throws IOException {
        try (TcpVm one = TcpVm.echo("one", "127.0.0.11");
                TcpVm two = TcpVm.echo("two", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("web", one.backend(), two.backend());
            Rule rule = LoadBalancingRule.of("web", TCP, pool).withLimits(NONE.withPerBackend(5));
            try (Forwarder forwarder =
                    Forwarders.builder(transport, rule).listener(log).build()) {
                assertLetsIn(10, forwarder, "web", "127.0.0.1", "every backend that is well has 5 flows");

                assertEquals(5, one.accepted());
                assertEquals(5, two.accepted());
            }
        }
    }

    @Test
    @DisplayName(
            "2. S17: of 3,000 backends the only one with room is found, and none is, without holding up the event loop")
    void theOnlyBackendWithRoomIsFoundAmongVeryMany() throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            List<Backend> backends = new ArrayList<>(List.of(vm.backend()));
            for (int i = 1; i < 3_000; i++) {
                backends.add(Backend.of("127.0." + i / 250 + "." + (i % 250 + 1), 1));
            }
            BackendPool pool = BackendPool.of("web", backends.toArray(Backend[]::new));
            List<Member> members = pool.snapshot().members();
            members.stream()
                    .filter(member -> !member.backend().id().equals("vm"))
                    .forEach(Member::pick);
            Rule rule = LoadBalancingRule.of("web", TCP, pool).withLimits(NONE.withPerBackend(1));
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule)
                    .threads(1)
                    .listener(log)
                    .build()) {
                assertLetsIn(1, forwarder, "web", "127.0.0.1", "every backend that is well has 1 flows");

                assertEquals(
                        3_000,
                        members.stream()
                                .mapToLong(member -> member.load().inFlight())
                                .sum());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aNatRuleTurnsClientsAwayOnceItsBackendIsFull(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule rule = InboundNatRule.of("nat", TCP, BackendPool.of("vms", vm.backend()), "vm", 0)
                    .withLimits(NONE.withPerBackend(2));
            try (Forwarder forwarder =
                    Forwarders.builder(transport, rule).listener(log).build()) {
                assertLetsIn(2, forwarder, "nat", "127.0.0.1", "its backend has 2 flows");

                assertEquals(2, vm.accepted());
            }
        }
    }

    @Test
    @DisplayName("2. a rule goes by any strategy instead")
    void anotherStrategyMayChoose() throws IOException {
        try (TcpVm one = TcpVm.naming("one", "127.0.0.11");
                TcpVm two = TcpVm.naming("two", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("web", one.backend(), two.backend());
            Rule rule = LoadBalancingRule.of("web", TCP, pool).withStrategy(SelectionStrategy.roundRobin());
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule).build()) {
                String first = nameBehind(forwarder, "web");
                for (int i = 0; i < 10; i++) {
                    String second = nameBehind(forwarder, "web");
                    assertTrue(!first.equals(second), "in turn");
                    first = second;
                }
            }
        }
    }

    @Test
    void anUpdateRaisesALimitAndForgetsNoFlow() throws IOException {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule.withLimits(NONE.withPerRule(2)))
                    .listener(log)
                    .build()) {
                assertLetsIn(2, forwarder, "web", "127.0.0.1", "the rule has 2 flows");

                forwarder.update(rule.withLimits(NONE.withPerSource(3)));

                assertLetsIn(1, forwarder, "web", "127.0.0.1", "its source has 3 flows");
            }
        }
    }

    @Test
    void aDatagramThatWouldOpenOneFlowTooManyIsDropped() throws IOException {
        try (UdpVm vm = UdpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("dns", UDP, BackendPool.of("dns", vm.backend()))
                    .withLimits(NONE.withPerSource(1));
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule)
                            .listener(log)
                            .build();
                    DatagramSocket one = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1");
                    DatagramSocket two = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1");
                    DatagramSocket elsewhere = Forwarders.connectUdp(forwarder, "dns", "127.0.0.2")) {
                UdpForwardingTest.ask(one, new byte[1]);

                two.send(new DatagramPacket(new byte[1], 1));

                assertEquals("rule \"dns\": its source has 1 flows, which is the limit", log.awaitRefusal());
                UdpForwardingTest.ask(one, new byte[1]);
                UdpForwardingTest.ask(elsewhere, new byte[1]);
            }
        }
    }
}
