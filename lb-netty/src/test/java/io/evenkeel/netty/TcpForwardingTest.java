package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.FRONT;
import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** How connections live and die. */
@Tag("netty")
class TcpForwardingTest {
    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    void aConnectionReachesABackendOnAnotherPortAndIsCounted(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
                assertEquals(FRONT, forwarder.boundAddress("http").getAddress().getHostAddress());
                try (Socket client = connect(forwarder, "http")) {
                    client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();

                    assertEquals("hello", readAll(client));
                }

                log.awaitLine("http closed vm1 5 5 COMPLETED");
                assertEquals("http opened vm1", log.lines().get(0));
                LoadStats load = pool.snapshot().members().get(0).load();
                assertEquals(1, load.successes());
                assertEquals(0, load.inFlight());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F6: either side may end its half, and the other half goes on, byte by byte")
    void eitherSideMayEndItsHalfAndTheOtherHalfGoesOn(Transport transport) throws Exception {
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        TcpVm.Service answersAfterTheEnd = socket -> {
            byte[] request = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(request);
        };
        TcpVm.Service endsFirst = socket -> {
            socket.getOutputStream().write(large);
            socket.shutdownOutput();
            byte[] all = socket.getInputStream().readAllBytes();
            assertArrayEquals(large, all);
        };
        try (TcpVm patient = new TcpVm("vm1", "127.0.0.11", answersAfterTheEnd);
                TcpVm hasty = new TcpVm("vm2", "127.0.0.12", endsFirst);
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("patient", TCP, BackendPool.of("a", patient.backend())),
                        LoadBalancingRule.of("hasty", TCP, BackendPool.of("b", hasty.backend())))) {
            try (Socket client = connect(forwarder, "patient")) {
                client.getOutputStream().write(large);
                client.shutdownOutput();

                assertArrayEquals(large, client.getInputStream().readAllBytes());
            }
            try (Socket client = connect(forwarder, "hasty")) {
                assertArrayEquals(large, client.getInputStream().readAllBytes());
                client.getOutputStream().write(large);
            }

            log.awaitLine("patient closed vm1 3145728 3145728 COMPLETED");
            log.awaitLine("hasty closed vm2 3145728 3145728 COMPLETED");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aClientThatSendsAndEndsAtOnceLosesNothing(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())))) {
            for (int i = 0; i < 200; i++) {
                try (Socket client = connect(forwarder, "http")) {
                    client.getOutputStream().write(("request " + i).getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();
                    assertEquals("request " + i, readAll(client));
                }
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F7: a backend whose client does not read is slowed down, and nothing is lost")
    void aBackendThatIsNotReadIsSlowedDown(Transport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        int total = 256 << 20;
        TcpVm.Service firehose = socket -> {
            byte[] chunk = new byte[64 << 10];
            while (written.get() < total) {
                socket.getOutputStream().write(chunk);
                written.addAndGet(chunk.length);
            }
            socket.shutdownOutput();
            done.countDown();
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", firehose);
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())));
                Socket client = connect(forwarder, "http")) {
            awaitStandstill(written);
            long stoppedAt = written.get();
            client.setSoTimeout(0);
            long read = 0;
            byte[] buffer = new byte[64 << 10];
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                read += n;
            }

            // The kernel's buffers of two connections, 4 MiB to send and 6 MiB to receive each, and one chunk here.
            assertTrue(stoppedAt < 24 << 20, "stopped after " + stoppedAt);
            assertEquals(total, read);
            done.await();
        }
    }

    /** True when nothing was written for half a second. */
    private static void awaitStandstill(AtomicLong written) {
        long[] last = {-1, System.nanoTime()};
        Await.until("the backend is slowed down", () -> {
            if (written.get() != last[0] || last[0] == 0) {
                last[0] = written.get();
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > Duration.ofMillis(500).toNanos();
        });
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F5: a reset of the backend after any number of bytes is a reset for the client, and never a clean end")
    void aResetOfTheBackendIsAResetForTheClientAndNeverACleanEnd(Transport transport) throws IOException {
        byte[] all = new byte[1 << 20];
        new Random(3).nextBytes(all);
        Random random = new Random(4);
        TcpVm.Service breaksOff = socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write(all, 0, random.nextInt(all.length));
            TcpVm.reset(socket);
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", breaksOff)) {
            BackendPool pool = BackendPool.of("web", vm.backend());
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("http", TCP, pool))) {
                for (int i = 0; i < 100; i++) {
                    try (Socket client = connect(forwarder, "http")) {
                        client.getOutputStream().write(1);
                        byte[] received = readUntilReset(client);
                        assertArrayEquals(Arrays.copyOf(all, received.length), received);
                    }
                }

                LoadStats load = pool.snapshot().members().get(0).load();
                Await.until("all are blamed on the backend", () -> load.failures() == 100);
            }
        }
    }

    private static byte[] readUntilReset(Socket client) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        SocketException end = assertThrows(
                SocketException.class, () -> client.getInputStream().transferTo(received));
        assertEquals("Connection reset", end.getMessage());
        return received.toByteArray();
    }

    @ParameterizedTest
    @TransportsHere
    void aResetOfTheClientIsAResetForTheBackendAndNotItsFault(Transport transport) throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        TcpVm.Service waits = socket -> {
            try {
                TcpVm.drain(socket.getInputStream());
            } catch (SocketException e) {
                reset.countDown();
            }
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", waits);
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())))) {
            Socket client = connect(forwarder, "http");
            client.getOutputStream().write(7);
            log.awaitLine("http opened vm1");
            Await.until("the backend has it", () -> vm.accepted() == 1);
            TcpVm.reset(client);

            log.awaitLine("http closed vm1 1 0 CLIENT_RESET");
            reset.await();
        }
    }

    @ParameterizedTest
    @TransportsHere
    void whatABackendSaidBeforeItRefusedTheRestIsDelivered(Transport transport) throws Exception {
        byte[] answer = new byte[20_000];
        new Random(2).nextBytes(answer);
        TcpVm.Service refusesTheUpload = socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write(answer);
            socket.shutdownOutput(); // closing with input unread makes the system send a reset
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", refusesTheUpload);
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())));
                Socket client = connect(forwarder, "http")) {
            client.getOutputStream().write(new byte[1000]);
            byte[] got = client.getInputStream().readNBytes(answer.length);

            assertArrayEquals(answer, got);
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F9: a connection to a backend that hangs is reset on both sides when it was idle for too long")
    void anIdleConnectionIsResetOnBothSides(Transport transport) throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        TcpVm.Service hangs = socket -> {
            socket.getOutputStream().write('x');
            try {
                TcpVm.drain(socket.getInputStream());
            } catch (SocketException e) {
                reset.countDown();
            }
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", hangs);
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend()))
                                .withIdleTimeout(Duration.ofMillis(300)));
                Socket client = connect(forwarder, "http")) {
            assertEquals('x', client.getInputStream().read());
            long start = System.nanoTime();
            assertReset(client);

            long idleMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            assertTrue(idleMillis >= 250, "after " + idleMillis + " ms");
            reset.await();
            log.awaitLine("http closed vm1 0 1 IDLE");
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F8: 500 clients that say nothing are reset when idle for too long, and meanwhile another is served")
    void clientsThatSayNothingAreReset(Transport transport) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend()))
                                .withIdleTimeout(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 500; i++) {
                silent.add(connect(forwarder, "http"));
            }
            try (Socket client = connect(forwarder, "http")) {
                client.getOutputStream().write(7);
                assertEquals(7, client.getInputStream().read());
            }

            for (Socket socket : silent) {
                assertReset(socket);
            }
            Await.until(
                    "all are told",
                    () -> log.lines().stream()
                                    .filter("http closed vm1 0 0 IDLE"::equals)
                                    .count()
                            == 500);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private Forwarder start(Transport transport, Rule... rules) throws IOException {
        return Forwarders.builder(transport, rules).listener(log).build();
    }

    private static String readAll(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** Reads until the end, which must be a reset. */
    private static void assertReset(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        SocketException end = assertThrows(SocketException.class, () -> TcpVm.drain(in));
        assertEquals("Connection reset", end.getMessage());
    }
}
