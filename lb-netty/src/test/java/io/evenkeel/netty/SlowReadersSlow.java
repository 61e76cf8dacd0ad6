package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Clients that read far slower than their backends send. */
@Tag("netty")
class SlowReadersSlow {
    private static final int READERS = 500;
    private static final int WANTED = 100 << 20;
    private static final int PIECE = 1 << 10;
    private static final int SECONDS = 20;

    /** Two directions of 64 KiB for each, and 32 MiB for what is shared. */
    private static final long MOST_DIRECT = READERS * 2L * (64 << 10) + (32 << 20);

    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F7: 500 clients read 1 KiB a second of 100 MiB: backends are slowed down, memory is bounded, bytes exact")
    void slowReadersCostLittleMemory(Transport transport) throws Exception {
        OwnNetwork.run(Duration.ofMinutes(10), SlowReadersSlow.class, transport.name());
    }

    /**
     * With small buffers of the system: those of 500 connections may grow to nearly all that it has for TCP, and whatever else this
     * machine does at the same time then makes everything stall.
     */
    public static void main(String[] args) throws Exception {
        OwnNetwork.begin();
        OwnNetwork.tcpBuffers(128 << 10);
        new SlowReadersSlow().readSlowly(Transport.valueOf(args[0]));
        System.exit(0);
    }

    private void readSlowly(Transport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        TcpVm.Service sends = socket -> {
            byte[] piece = new byte[64 << 10];
            for (int sent = 0; sent < WANTED; sent += piece.length) {
                for (int i = 0; i < piece.length; i++) {
                    piece[i] = expected(sent + i);
                }
                socket.getOutputStream().write(piece);
                written.addAndGet(piece.length);
            }
        };
        List<Socket> readers = new ArrayList<>();
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", sends);
                TcpVm echo = TcpVm.echo("echo", "127.0.0.12");
                Forwarder forwarder = Forwarders.builder(
                                transport,
                                LoadBalancingRule.of("slow", TCP, BackendPool.of("slow", vm.backend())),
                                LoadBalancingRule.of("quick", TCP, BackendPool.of("quick", echo.backend())))
                        .listener(log)
                        .build();
                Socket quick = connect(forwarder, "quick")) {
            for (int i = 0; i < READERS; i++) {
                Socket reader = new Socket();
                readers.add(reader);
                reader.setSoTimeout(20_000);
                reader.connect(forwarder.boundAddress("slow"));
                int count = readers.size(); // or the backend's queue is full, and clients are refused for it
                Await.until("the backend has it", () -> vm.accepted() == count);
            }
            long mostDirect = 0;
            long slowestNanos = 0;
            for (int second = 0; second < SECONDS; second++) {
                long start = System.nanoTime();
                for (Socket reader : readers) {
                    byte[] piece = read(reader);
                    for (int i = 0; i < PIECE; i++) {
                        assertEquals(expected(second * PIECE + i), piece[i]);
                    }
                }
                long asked = System.nanoTime();
                quick.getOutputStream().write(second);
                assertEquals(second, quick.getInputStream().read());
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - asked);
                mostDirect = Math.max(mostDirect, direct());
                Thread.sleep(Math.max(1, 1_000 - (System.nanoTime() - start) / 1_000_000)); // what this is about
            }

            System.out.println("F7 " + transport + ": direct " + (mostDirect >> 10) + " KiB, backends wrote "
                    + (written.get() >> 20) + " MiB of " + READERS * (long) (WANTED >> 20)
                    + ", slowest of " + SECONDS + " others " + slowestNanos / 1_000 + " us");
            assertTrue(mostDirect <= MOST_DIRECT, mostDirect + " bytes");
            assertTrue(written.get() < READERS * (long) WANTED / 2, "written: " + written.get());
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    private byte[] read(Socket reader) throws IOException {
        try {
            return reader.getInputStream().readNBytes(PIECE);
        } catch (IOException e) {
            throw new IOException(
                    log.lines().stream()
                            .filter(line -> !line.contains("opened"))
                            .toList()
                            .toString(),
                    e);
        }
    }

    private static byte expected(int position) {
        return (byte) (position * 31 + (position >> 8));
    }

    private static long direct() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
