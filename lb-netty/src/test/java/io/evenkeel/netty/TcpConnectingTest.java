package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.TcpRoutingTest.nameBehind;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Connections to backends that take long, or are not made at the first address. */
@Tag("netty")
class TcpConnectingTest {
    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F3: a backend that does not answer is given up at the connect timeout, and another serves")
    void aBackendThatDoesNotAnswerIsGivenUp(Transport transport) throws IOException {
        try (BlackHole hole = new BlackHole("hole", "127.0.0.11");
                TcpVm vm = TcpVm.naming("alive", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("web", hole.backend(), vm.backend());
            try (Forwarder forwarder =
                    start(transport, Duration.ofMillis(50), LoadBalancingRule.of("http", TCP, pool))) {
                for (int i = 0; i < 30; i++) {
                    assertEquals("alive", nameBehind(forwarder, "http"));
                }

                // 30 flows that all hash to one of two members: 2 in 10^9
                assertTrue(pool.snapshot().members().get(0).load().failures() > 0);
                assertEquals(List.of(), log.refusals());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aClientOfABackendThatDoesNotAnswerIsResetAtTheConnectTimeout(Transport transport) throws IOException {
        try (BlackHole hole = new BlackHole("hole", "127.0.0.11")) {
            Rule rule = InboundNatRule.of("nat", TCP, BackendPool.of("web", hole.backend()), "hole", 0);
            try (Forwarder forwarder = start(transport, Duration.ofMillis(200), rule);
                    Socket client = connect(forwarder, "nat")) {
                long start = System.nanoTime();
                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());

                long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
                assertTrue(millis >= 150, "after " + millis + " ms");
                assertEquals("rule \"nat\": backend \"hole\" could not be reached", log.awaitRefusal());
                assertEquals(
                        "no connection within 200 ms",
                        log.refusals().get(0).getSuppressed()[0].getMessage());
            }
        }
    }

    /** NIO tells nothing of a socket that is not read: there the client is missed only once there is a backend. */
    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    void aClientThatLeavesIsNoticedBeforeThereIsABackend(Transport transport) throws IOException {
        try (BlackHole hole = new BlackHole("hole", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("http", TCP, BackendPool.of("web", hole.backend()));
            try (Forwarder forwarder = start(transport, Duration.ofHours(1), rule)) {
                Socket client = connect(forwarder, "http");
                client.getOutputStream().write(1);
                TcpVm.reset(client);

                assertEquals("the client left before it had a backend", log.awaitRefusal());
                assertEquals(0, rule.pool().snapshot().members().get(0).load().inFlight());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void allAddressesOfANameAreTried(Transport transport) throws IOException {
        InetAddress[] addresses = {InetAddress.getByName("127.0.0.11"), InetAddress.getByName("127.0.0.12")};
        try (TcpVm vm = TcpVm.naming("vm", "127.0.0.12")) { // and nothing listens at the first
            BackendPool pool = BackendPool.of("web", Backend.of("vm", "two.example", vm.port()));
            Engine engine = new Engine(
                    new EventLoops(transport, 1, host -> addresses),
                    new FlowEvents(List.of(log), new Faults("forwarder", System::nanoTime)),
                    new ConnectPolicy(10_000, 1),
                    HashSecret.random(),
                    100,
                    new FlowCount(),
                    new OwnFrontends(new Faults("forwarder", System::nanoTime), MachineAddresses.ofSystem()));
            try (Forwarder forwarder = Forwarder.start(List.of(LoadBalancingRule.of("http", TCP, pool)), engine)) {
                assertEquals("vm", nameBehind(forwarder, "http"));

                assertEquals(0, pool.snapshot().members().get(0).load().failures());
            }
        }
    }

    private Forwarder start(Transport transport, Duration connectTimeout, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule)
                .connectTimeout(connectTimeout)
                .listener(log)
                .build();
    }
}
