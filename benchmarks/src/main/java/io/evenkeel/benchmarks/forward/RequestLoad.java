package io.evenkeel.benchmarks.forward;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Small requests over connections that stay. Without a rate the next request follows the answer; with one it is sent when it is
 * due, answered or not, and its latency counts from then: a forwarder that stands still is not spared the waiting ones.
 */
final class RequestLoad {
    private static final int MAX_OPERATIONS = 8_000_000;
    private static final long DRAIN_NANOS = 1_000_000_000L;

    private final int port;
    private final int connections;
    private final int perSecond;
    private final ByteBuffer received = ByteBuffer.allocateDirect(64 << 10);
    private final List<Connection> open = new ArrayList<>();
    private final long[] latencies = new long[MAX_OPERATIONS];
    private int operations;
    private long end;

    RequestLoad(int port, int connections, int perSecond) {
        this.port = port;
        this.connections = connections;
        this.perSecond = perSecond;
    }

    Load.Done run(long nanos) throws IOException, InterruptedException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                open.add(new Connection(port, selector));
            }
            long start = System.nanoTime();
            end = start + nanos;
            if (perSecond == 0) {
                for (Connection connection : open) {
                    connection.send(System.nanoTime());
                }
                receive(selector, end);
                return new Load.Done(operations, System.nanoTime() - start, Load.Done.p99(latencies, operations));
            }
            Thread sender = new Thread(() -> sendAtRate(start));
            sender.start();
            receive(selector, end + DRAIN_NANOS);
            sender.join();
            return new Load.Done(operations, nanos, Load.Done.p99(latencies, operations));
        } finally {
            for (Connection connection : open) {
                connection.channel.close();
            }
        }
    }

    private void sendAtRate(long start) {
        long interval = 1_000_000_000L / perSecond;
        int sent = 0;
        for (long due = start; due - end < 0; due += interval) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            try {
                open.get(sent++ % connections).send(due);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void receive(Selector selector, long until) throws IOException {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            selector.select(this::receive, Math.max(1, left / 1_000_000));
            if (System.nanoTime() - end > 0 && open.stream().allMatch(c -> c.due.isEmpty())) {
                return;
            }
        }
    }

    private void receive(SelectionKey key) {
        try {
            Connection connection = (Connection) key.attachment();
            int bytes = connection.channel.read(received.clear());
            if (bytes < 0) {
                throw new EOFException("the forwarder closed a connection");
            }
            long now = System.nanoTime();
            for (connection.answered += bytes;
                    connection.answered >= Service.ANSWER_BYTES;
                    connection.answered -= Service.ANSWER_BYTES) {
                latencies[operations++] = now - connection.due.remove();
                if (perSecond == 0) {
                    connection.send(now);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer request = ByteBuffer.allocateDirect(Service.REQUEST_BYTES);
        private final Queue<Long> due = new ConcurrentLinkedQueue<>();
        private int answered;

        Connection(int port, Selector selector) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(long dueNanos) throws IOException {
            due.add(dueNanos);
            channel.write(request.clear()); // fits: at most a second's worth is on its way
        }
    }
}
