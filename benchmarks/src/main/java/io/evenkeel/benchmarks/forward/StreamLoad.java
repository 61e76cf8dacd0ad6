package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Streams as fast as they go; the time ends when the backend has told how many bytes it got, which must be all. */
final class StreamLoad {
    private static final int CHUNK = 256 << 10;

    private StreamLoad() {}

    static Load.Done run(int port, int streams, long nanos) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<FutureTask<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            FutureTask<Long> task = new FutureTask<>(() -> stream(port, start + nanos));
            tasks.add(task);
            new Thread(task).start();
        }
        long bytes = 0;
        for (FutureTask<Long> task : tasks) {
            try {
                bytes += task.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
        return new Load.Done(bytes, System.nanoTime() - start, 0);
    }

    private static long stream(int port, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        try (SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            long sent = 0;
            while (System.nanoTime() - end < 0) {
                sent += channel.write(chunk.clear());
            }
            channel.shutdownOutput();
            chunk.clear().limit(Long.BYTES);
            while (chunk.hasRemaining() && channel.read(chunk) >= 0) {
                // The count comes in one piece, or in some.
            }
            long arrived = chunk.hasRemaining() ? -1 : chunk.getLong(0);
            if (arrived != sent) {
                throw new IOException(sent + " bytes were sent, and " + arrived + " arrived");
            }
            return sent;
        }
    }
}
