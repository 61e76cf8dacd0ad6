package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that have made one request each and then do nothing. */
final class Held implements AutoCloseable {
    private final List<SocketChannel> channels = new ArrayList<>();

    Load.Done open(int port, int connections) throws IOException {
        ByteBuffer request = ByteBuffer.allocateDirect(Service.REQUEST_BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(Service.ANSWER_BYTES);
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channels.add(channel);
            channel.write(request.clear());
            answer.clear();
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw new IOException("connection " + i + " was closed");
                }
            }
        }
        return new Load.Done(connections, System.nanoTime() - start, 0);
    }

    Load.Done drop() throws IOException {
        close();
        return new Load.Done(0, 0, 0);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        channels.clear();
    }
}
