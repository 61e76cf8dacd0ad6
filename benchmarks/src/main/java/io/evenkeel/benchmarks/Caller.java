package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** One way to make HTTP calls. For use by many threads. */
interface Caller extends AutoCloseable {
    /** What it is called in a table. */
    String name();

    /** Makes a GET, reads the answer to its end, and returns the length of its body. */
    long call() throws IOException;

    @Override
    void close();

    /** Other people's ways, found where they were built. */
    @FunctionalInterface
    interface Peers {
        /** Callers over these backends, which speak HTTP/1.1 in the clear. */
        List<Caller> over(List<InetSocketAddress> backends);
    }
}
