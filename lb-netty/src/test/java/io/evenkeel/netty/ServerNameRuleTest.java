package io.evenkeel.netty;

import static io.evenkeel.netty.NamedVms.server;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.FlowLimits;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What a rule says holds for each of its pools by server name, and may change. */
@Tag("netty")
class ServerNameRuleTest {
    private final FlowLog log = new FlowLog();
    private NamedVms vms;

    @BeforeEach
    void startVms() throws IOException {
        vms = new NamedVms();
    }

    @AfterEach
    void closeVms() throws IOException {
        vms.close();
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: names change while traffic flows; flows that are open stay where they are")
    void namesChangeWhileTrafficFlows(Transport transport) throws IOException {
        LoadBalancingRule rule = vms.rule(vms.names());
        LoadBalancingRule changed = vms.rule(ServerNames.of(Map.of("shop.test", NamedVms.pool(vms.api))));
        try (Forwarder forwarder = start(transport, rule);
                Socket open = hello(forwarder, "shop.test")) {
            assertEquals('s', open.getInputStream().read());
            Socket half = Forwarders.connect(forwarder, "https");
            half.getOutputStream().write(Hellos.naming("shop.test"), 0, 20);

            forwarder.update(changed);

            assertEquals(List.of(changed), forwarder.rules());
            assertEquals("api", server(forwarder, Hellos.naming("shop.test")));
            assertEquals("web", server(forwarder, Hellos.naming("v1.api.test")));
            open.getInputStream().skipNBytes(4 + Hellos.naming("shop.test").length);
            open.getOutputStream().write(7);
            assertEquals(7, open.getInputStream().read());
            half.getOutputStream().write(Hellos.naming("shop.test"), 20, Hellos.naming("shop.test").length - 20);
            assertTrue(half.getInputStream().read() > 0, "who had begun is served");
            half.close();
            forwarder.update(rule.withServerNames(vms.names().withOnlyKnown(true)));
            assertEquals("alert 112", server(forwarder, Hellos.naming("elsewhere.test")));
        }
    }

    @Test
    @DisplayName("2. SNI: listeners are told the rule as it is for the pool that was chosen")
    void listenersAreToldThePool() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        FlowListener pools = new FlowListener() {
            @Override
            public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
                told.add(rule.name() + ": " + rule.pool().name());
            }
        };
        try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, vms.rule(vms.names()))
                .listener(pools)
                .build()) {
            for (String name : List.of("shop.test", "v1.api.test", "elsewhere.test")) {
                server(forwarder, Hellos.naming(name));
            }

            assertEquals(List.of("https: pool of shop", "https: pool of api", "https: pool of web"), told);
        }
    }

    @Test
    @DisplayName(
            "2. SNI: each pool has a strategy of its own, so alternating names do not meet every other member only")
    void eachPoolHasAStrategyOfItsOwn() throws IOException {
        BackendPool two = BackendPool.of("two", vms.shop.backend(), vms.api.backend());
        BackendPool others = BackendPool.of("others", vms.shop.backend(), vms.api.backend());
        ServerNames names = ServerNames.of(Map.of("two.test", two, "also-two.test", two, "others.test", others))
                .withStrategies(SelectionStrategy::roundRobin);
        try (Forwarder forwarder = start(Transport.AUTO, vms.rule(names))) {
            Set<String> ofTwo = new HashSet<>();
            Set<String> ofOthers = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                ofTwo.add(server(forwarder, Hellos.naming(i == 0 ? "two.test" : "also-two.test")));
                ofOthers.add(server(forwarder, Hellos.naming("others.test")));
            }

            assertEquals(Set.of("shop", "api"), ofTwo);
            assertEquals(Set.of("shop", "api"), ofOthers);
        }
    }

    @Test
    @DisplayName("2. SNI: session persistence and the back-end port of the rule hold in each pool")
    void sessionPersistenceHoldsInEachPool() throws IOException {
        BackendPool several = BackendPool.of("several");
        for (int i = 12; i < 20; i++) {
            several.add(Backend.of("127.0.0." + i, 1));
        }
        try (TcpVm any = new TcpVm("any", "0.0.0.0", socket -> {
                    socket.getOutputStream().write((socket.getLocalAddress() + "|").getBytes(ISO_8859_1));
                    TcpVm.ECHO.serve(socket);
                });
                Forwarder forwarder = start(
                        Transport.AUTO,
                        vms.rule(ServerNames.of(Map.of("shop.test", several)))
                                .withBackendPort(any.port())
                                .withSessionPersistence(SessionPersistence.CLIENT_IP))) {
            Set<String> places = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                places.add(server(forwarder, Hellos.naming("shop.test")));
            }

            assertEquals(1, places.size(), places.toString()); // 5-tuples would be one place once in 8^9
            assertTrue(places.iterator().next().startsWith("/127.0.0.1"), places.toString());
        }
    }

    @Test
    @DisplayName("2. SNI: who has not sent its ClientHello counts as a flow, and not any more once it is gone")
    void whoHasNotSentItsClientHelloCountsAsAFlow() throws IOException {
        Rule one = vms.rule(vms.names().withOnlyKnown(true))
                .withLimits(FlowLimits.defaults().withPerRule(1));
        // One event loop accepts them in the order in which they came.
        try (Forwarder forwarder =
                Forwarders.builder(Transport.AUTO, one).threads(1).listener(log).build()) {
            try (Socket silent = Forwarders.connect(forwarder, "https")) {
                String end = endOf(forwarder, "shop.test");
                assertTrue(end.startsWith("java.net.SocketException"), end);
                Await.until(
                        "that is told",
                        () -> log.lastRefusal().equals("rule \"https\": the rule has 1 flows, which is the limit"));
            }
            Await.until("it is gone", () -> endOf(forwarder, "elsewhere.test").equals("alert 112"));
            Await.until(
                    "that one is gone, too", () -> endOf(forwarder, "shop.test").equals("shop"));
        }
    }

    @Test
    @DisplayName(
            "2. SNI: a flow ends when its member leaves the pool of its name, and not for what becomes of other pools")
    void aFlowEndsWhenItsMemberLeavesThePoolOfItsName() throws IOException {
        BackendPool shop = NamedVms.pool(vms.shop);
        LoadBalancingRule rule = vms.rule(ServerNames.of(Map.of("shop.test", shop)))
                .withTcp(TcpOptions.defaults().withLostMemberGrace(Duration.ZERO))
                .withIdleTimeout(Duration.ofHours(1));
        try (Forwarder forwarder = start(Transport.AUTO, rule);
                Socket ofShop = hello(forwarder, "shop.test");
                Socket ofWeb = hello(forwarder, "elsewhere.test")) {
            assertEquals('s', ofShop.getInputStream().read());
            assertEquals('w', ofWeb.getInputStream().read());

            rule.pool().remove("web");
            log.awaitLine("https closed web " + Hellos.naming("elsewhere.test").length + " "
                    + (4 + Hellos.naming("elsewhere.test").length) + " MEMBER_LOST");
            assertEquals(
                    1,
                    log.lines().stream().filter(line -> line.contains("closed")).count());
            shop.remove("shop");

            log.awaitLine("https closed shop " + Hellos.naming("shop.test").length + " "
                    + (5 + Hellos.naming("shop.test").length) + " MEMBER_LOST");
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. SNI: a forwarder that is closed resets whoever has not sent its ClientHello, and leaves nothing open")
    void aForwarderThatIsClosedLeavesNothingOpen(Transport transport) throws IOException {
        long sockets = ForwarderTest.openSockets();
        Forwarder forwarder = start(transport, vms.rule(vms.names()));
        try (Socket half = Forwarders.connect(forwarder, "https")) {
            half.getOutputStream().write(Hellos.naming("shop.test"), 0, 20);
            // Once another is served that came later, this one is known; which loop has it does not matter.
            assertEquals("shop", server(forwarder, Hellos.naming("shop.test")));

            forwarder.close();

            assertThrows(IOException.class, () -> half.getInputStream().read());
        }
        Await.until("no socket is open that was not before", () -> ForwarderTest.openSockets() <= sockets);
        assertEquals(List.of(), ForwarderTest.ourThreads());
    }

    @Test
    @DisplayName("2. SNI: where no strategy can be made, nothing changes, and pools are let go")
    void whereNoStrategyCanBeMadeNothingChanges() throws IOException {
        LoadBalancingRule rule = vms.rule(vms.names());
        try (Forwarder forwarder = start(Transport.AUTO, rule)) {
            ServerNames broken = vms.names().withStrategies(() -> {
                throw new IllegalStateException("no strategy today");
            });

            assertThrows(IllegalStateException.class, () -> forwarder.update(vms.rule(broken)));

            assertEquals(List.of(rule), forwarder.rules());
            assertEquals("shop", server(forwarder, Hellos.naming("shop.test")));
        }
    }

    private static String endOf(Forwarder forwarder, String name) {
        try {
            return server(forwarder, Hellos.naming(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Socket hello(Forwarder forwarder, String name) throws IOException {
        Socket client = Forwarders.connect(forwarder, "https");
        client.getOutputStream().write(Hellos.naming(name));
        return client;
    }

    private Forwarder start(Transport transport, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule).listener(log).build();
    }
}
