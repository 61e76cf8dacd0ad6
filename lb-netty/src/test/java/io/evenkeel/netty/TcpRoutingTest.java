package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Which backend a connection gets, and what happens when there is none. */
@Tag("netty")
class TcpRoutingTest {
    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    void severalRulesShareAForwarderAndTheBackendPortOfARuleWins(Transport transport) throws IOException {
        try (TcpVm vm1 = TcpVm.naming("vm1", "127.0.0.11");
                TcpVm vm2 = TcpVm.naming("vm2", "127.0.0.12");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("one", TCP, BackendPool.of("a", vm1.backend())),
                        LoadBalancingRule.of("two", TCP, BackendPool.of("b", Backend.of("127.0.0.12", 1)))
                                .withBackendPort(vm2.port()))) {
            assertEquals("vm1", nameBehind(forwarder, "one"));
            assertEquals("vm2", nameBehind(forwarder, "two"));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F4: a connection that a backend refuses goes on to another at once")
    void aConnectionThatABackendRefusesGoesOnToAnother(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("alive", "127.0.0.12")) {
            BackendPool pool = BackendPool.of(
                    "web", Backend.of("dead", "127.0.0.11", Forwarders.unusedPort("127.0.0.11")), vm.backend());
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
                for (int i = 0; i < 40; i++) {
                    assertEquals("alive", nameBehind(forwarder, "http"));
                }

                assertEquals(40, pool.snapshot().members().get(1).load().picks());
                // 40 flows that all hash to one of two members: 2 in 10^12
                assertTrue(pool.snapshot().members().get(0).load().failures() > 0);
                assertEquals(0, log.refusals().size());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aClientIsResetWhenNoBackendCanBeReached(Transport transport) throws IOException {
        BackendPool pool = BackendPool.of("web", Backend.of("dead", "127.0.0.11", Forwarders.unusedPort("127.0.0.11")));
        try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
            assertRefused(forwarder, "http");

            assertTrue(log.awaitRefusal().contains("dead UP (not probed) (tried already)"), log.awaitRefusal());
            assertEquals(1, log.refusals().get(0).getSuppressed().length, "what the attempt failed with is told along");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void noMoreBackendsAreTriedThanAllowed(Transport transport) throws IOException {
        int port = Forwarders.unusedPort("127.0.0.11");
        BackendPool pool = BackendPool.of(
                "web", Backend.of("127.0.0.11", port), Backend.of("127.0.0.12", port), Backend.of("127.0.0.13", port));
        try (Forwarder forwarder = Forwarders.builder(transport, LoadBalancingRule.of("http", TCP, pool))
                .connectAttempts(2)
                .listener(log)
                .build()) {
            assertRefused(forwarder, "http");

            assertTrue(log.awaitRefusal().startsWith("rule \"http\": 2 backends could not be reached, last \""));
        }
    }

    @ParameterizedTest
    @TransportsHere
    void anEmptyPoolClosesAClientAtOnceAndServesItOnceThereIsAMember(Transport transport) throws IOException {
        BackendPool pool = BackendPool.of("web");
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
            assertRefused(forwarder, "http");
            assertTrue(log.awaitRefusal().contains("pool \"web\" (snapshot 1) has no selectable backend: it is empty"));

            pool.add(vm.backend());
            assertEquals("vm1", nameBehind(forwarder, "http"));
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aBackendGivenByNameIsLookedUp(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.1")) {
            BackendPool pool = BackendPool.of(
                    "web",
                    Backend.of("known", "localhost", vm.port()),
                    Backend.of("unknown", "no-such-host.invalid", vm.port()));
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
                for (int i = 0; i < 20; i++) {
                    assertEquals("vm1", nameBehind(forwarder, "http"));
                }
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aNatRuleReachesItsBackendInWhateverHealthAndNeverAnother(Transport transport) throws IOException {
        try (TcpVm vm1 = TcpVm.naming("vm1", "127.0.0.11");
                TcpVm vm2 = TcpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("vms", vm1.backend(), vm2.backend());
            try (Forwarder forwarder = start(
                    transport,
                    InboundNatRule.of("50001", TCP, pool, "vm1", vm1.port()),
                    InboundNatRule.of("50002", TCP, pool, "vm2", 0))) {
                pool.markDown("vm2", "for the test");
                for (int i = 0; i < 10; i++) {
                    assertEquals("vm1", nameBehind(forwarder, "50001"));
                    assertEquals("vm2", nameBehind(forwarder, "50002"));
                }

                pool.remove("vm2");
                int before = vm1.accepted() + vm2.accepted();
                assertRefused(forwarder, "50002");
                assertEquals("rule \"50002\": backend \"vm2\" is not in pool \"vms\"", log.awaitRefusal());
                assertEquals(before, vm1.accepted() + vm2.accepted());
                assertEquals("vm1", nameBehind(forwarder, "50001"));
            }
        }
    }

    private Forwarder start(Transport transport, Rule... rules) throws IOException {
        return Forwarders.builder(transport, rules).listener(log).build();
    }

    static String nameBehind(Forwarder forwarder, String rule) throws IOException {
        try (Socket client = connect(forwarder, rule)) {
            client.shutdownOutput();
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** The reset may come before the client has noticed that it was connected. */
    private static void assertRefused(Forwarder forwarder, String rule) {
        SocketException end = assertThrows(SocketException.class, () -> {
            try (Socket client = connect(forwarder, rule)) {
                TcpVm.drain(client.getInputStream());
            }
        });
        assertTrue(end.getMessage().startsWith("Connection reset"), end.getMessage());
    }
}
