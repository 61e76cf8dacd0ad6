package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold each time of a thousand, and for thousands at the same time. */
@Tag("netty")
class ManyFlowsSlow {
    private static final int REPEATS = 1_000;
    private static final int LARGE = 10 << 20;
    private static final int CLIENTS = 2_000;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName("2. F6: 1,000 times each side ends its half, and 10 MiB come the other way, byte by byte")
    void theOtherHalfGoesOnEachTime(Transport transport) throws Exception {
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        AtomicInteger exact = new AtomicInteger();
        TcpVm.Service answersAfterTheEnd = socket -> {
            assertEquals(1, socket.getInputStream().readAllBytes().length);
            socket.getOutputStream().write(large);
        };
        TcpVm.Service endsFirst = socket -> {
            socket.shutdownOutput();
            assertArrayEquals(large, socket.getInputStream().readAllBytes());
            exact.incrementAndGet();
        };
        try (TcpVm patient = new TcpVm("vm1", "127.0.0.11", answersAfterTheEnd);
                TcpVm hasty = new TcpVm("vm2", "127.0.0.12", endsFirst);
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("patient", TCP, BackendPool.of("a", patient.backend())),
                        LoadBalancingRule.of("hasty", TCP, BackendPool.of("b", hasty.backend())))) {
            for (int i = 0; i < REPEATS; i++) {
                try (Socket client = connect(forwarder, "patient")) {
                    client.getOutputStream().write(1);
                    client.shutdownOutput();
                    assertArrayEquals(large, client.getInputStream().readAllBytes());
                }
                try (Socket client = connect(forwarder, "hasty")) {
                    assertEquals(-1, client.getInputStream().read());
                    client.getOutputStream().write(large);
                }
            }

            Await.until("all have arrived, now " + exact, () -> exact.get() == REPEATS);
            Await.until("all are told", () -> count("patient closed vm1 1 " + LARGE + " COMPLETED") == REPEATS);
            Await.until("all are told", () -> count("hasty closed vm2 " + LARGE + " 0 COMPLETED") == REPEATS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    @DisplayName(
            "2. F8: of 2,000 clients those that say nothing are reset, those that trickle are kept, and others served")
    void clientsThatSayNothingAreResetAndOthersKept(Transport transport) throws Exception {
        List<Socket> silent = new ArrayList<>();
        List<Socket> trickling = new ArrayList<>();
        try (EchoLoop backend = new EchoLoop("127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("http", TCP, BackendPool.of("web", backend.backend()))
                                .withIdleTimeout(IDLE))) {
            for (int i = 0; i < CLIENTS; i += 2) {
                silent.add(connect(forwarder, "http"));
                trickling.add(connect(forwarder, "http"));
            }
            long began = System.nanoTime();
            while (closed() < CLIENTS / 2 && System.nanoTime() - began < 6 * IDLE.toNanos()) {
                for (Socket client : trickling) {
                    assertEcho(client);
                }
                try (Socket late = connect(forwarder, "http")) {
                    assertEcho(late);
                }
                Thread.sleep(IDLE.toMillis() / 5); // what this is about
            }

            System.out.println("F8 " + transport + ": " + closed() + " reset after at most "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
            assertEquals(CLIENTS / 2, closed());
            for (Socket client : silent) {
                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());
            }
            for (Socket client : trickling) {
                assertEcho(client);
            }
            assertTrue(log.refusals().isEmpty(), () -> log.refusals().toString());
        } finally {
            for (Socket client : silent) {
                client.close();
            }
            for (Socket client : trickling) {
                client.close();
            }
        }
    }

    private static void assertEcho(Socket client) throws IOException {
        client.getOutputStream().write(1);
        assertEquals(1, client.getInputStream().read());
    }

    /** How many were reset for saying nothing, whose bytes are none. */
    private long closed() {
        return count("http closed loop 0 0 IDLE");
    }

    private long count(String line) {
        return log.lines().stream().filter(line::equals).count();
    }

    private Forwarder start(Transport transport, LoadBalancingRule... rules) throws IOException {
        return Forwarders.builder(transport, rules).listener(log).build();
    }
}
