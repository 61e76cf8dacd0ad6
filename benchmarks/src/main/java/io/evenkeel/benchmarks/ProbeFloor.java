package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The least code that could be called probing: one thread asks one backend after the other over a blocking socket, at the
 * same rate, without a timeout, a verdict or a pool. One backend that hangs ends it.
 */
final class ProbeFloor {
    private static final byte[] REQUEST =
            "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: floor\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private ProbeFloor() {}

    /** Asks for so long, and so many a second; returns how many it asked. */
    static long ask(List<InetSocketAddress> backends, double perSecond, long nanos) throws IOException {
        ByteBuffer request = ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST);
        ByteBuffer received = ByteBuffer.allocateDirect(8192);
        long start = System.nanoTime();
        long i = 0;
        for (; System.nanoTime() - start < nanos; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            try (SocketChannel socket = SocketChannel.open(backends.get((int) (i % backends.size())))) {
                socket.write(request.rewind());
                if (socket.read(received.clear()) < 12 || received.get(9) != '2') {
                    throw new IOException("not a 200");
                }
            }
        }
        return i;
    }
}
