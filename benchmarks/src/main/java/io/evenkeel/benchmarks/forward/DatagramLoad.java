package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Datagrams there and back, so many flows with so many on their way; what does not come back in 200 ms is replaced. */
final class DatagramLoad {
    private static final int WINDOW = 8;
    private static final int BYTES = 64;
    private static final long LOST_NANOS = 200_000_000L;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private final int port;
    private final int flows;
    private long operations;

    DatagramLoad(int port, int flows) {
        this.port = port;
        this.flows = flows;
    }

    Load.Done run(long nanos) throws IOException {
        try (Selector selector = Selector.open()) {
            DatagramChannel[] channels = new DatagramChannel[flows];
            long[] lastNanos = new long[flows];
            try {
                for (int i = 0; i < flows; i++) {
                    channels[i] = DatagramChannel.open();
                    channels[i].connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    channels[i].configureBlocking(false);
                    channels[i].register(selector, SelectionKey.OP_READ, i);
                }
                return run(selector, channels, lastNanos, nanos);
            } finally {
                for (DatagramChannel channel : channels) {
                    if (channel != null) {
                        channel.close();
                    }
                }
            }
        }
    }

    private Load.Done run(Selector selector, DatagramChannel[] channels, long[] lastNanos, long nanos)
            throws IOException {
        long start = System.nanoTime();
        java.util.Arrays.fill(lastNanos, start - LOST_NANOS - 1);
        for (long now = start; now - start < nanos; now = System.nanoTime()) {
            for (int i = 0; i < flows; i++) {
                if (now - lastNanos[i] > LOST_NANOS) {
                    lastNanos[i] = now;
                    fill(channels[i]);
                }
            }
            long at = now;
            selector.select(key -> sendBack(key, lastNanos, at), 50);
        }
        return new Load.Done(operations, System.nanoTime() - start, 0);
    }

    private void fill(DatagramChannel channel) throws IOException {
        for (int i = 0; i < WINDOW; i++) {
            try {
                channel.write(buffer.clear().limit(BYTES));
            } catch (PortUnreachableException e) {
                return; // not listening yet
            }
        }
    }

    private void sendBack(SelectionKey key, long[] lastNanos, long now) {
        try {
            DatagramChannel channel = (DatagramChannel) key.channel();
            for (int i = 0; i < WINDOW && channel.read(buffer.clear()) > 0; i++) {
                operations++;
                lastNanos[(Integer) key.attachment()] = now;
                channel.write(buffer.clear().limit(BYTES));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
