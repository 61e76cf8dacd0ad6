package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection for each request: connect, ask, read to the end, close; so many at a time. */
final class ConnectionLoad {
    private static final int MAX_OPERATIONS = 1_000_000;

    private final InetSocketAddress address;
    private final int atATime;
    private final ByteBuffer request = ByteBuffer.allocateDirect(Service.REQUEST_BYTES);
    private final ByteBuffer received = ByteBuffer.allocateDirect(4096);
    private final long[] latencies = new long[MAX_OPERATIONS];
    private int operations;
    private int open;
    private boolean ending;

    ConnectionLoad(int port, int atATime) {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.atATime = atATime;
    }

    private static final class Connection {
        private final long begun = System.nanoTime();
        private int answered;
    }

    Load.Done run(long nanos) throws IOException {
        try (Selector selector = Selector.open()) {
            long start = System.nanoTime();
            for (int i = 0; i < atATime; i++) {
                begin(selector);
            }
            while (open > 0) {
                selector.select(this::handle, 100);
                ending = System.nanoTime() - start > nanos;
                if (System.nanoTime() - start > nanos + 5_000_000_000L) {
                    throw new IOException(open + " connections hang");
                }
            }
            return new Load.Done(operations, System.nanoTime() - start, Load.Done.p99(latencies, operations));
        }
    }

    private void begin(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        boolean isConnected = channel.connect(address);
        channel.register(selector, isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, new Connection());
        open++;
        if (isConnected) {
            channel.write(request.clear());
        }
    }

    private void handle(SelectionKey key) {
        try {
            SocketChannel channel = (SocketChannel) key.channel();
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                channel.write(request.clear());
                return;
            }
            Connection connection = (Connection) key.attachment();
            int bytes = channel.read(received.clear());
            if (bytes >= 0) {
                connection.answered += bytes;
                return;
            }
            if (connection.answered != Service.ANSWER_BYTES) {
                throw new IOException("an answer of " + connection.answered + " bytes");
            }
            channel.close();
            open--;
            latencies[operations++] = System.nanoTime() - connection.begun;
            if (!ending) {
                begin(key.selector());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
