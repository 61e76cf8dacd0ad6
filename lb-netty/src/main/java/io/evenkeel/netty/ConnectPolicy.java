package io.evenkeel.netty;

import java.util.concurrent.TimeUnit;

/** How hard a connection to a backend is tried: how long each attempt may take, and how many backends are tried. */
record ConnectPolicy(int timeoutMillis, int attempts) {
    long timeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** More than an attempt can take, with the name lookup before it. */
    long limitNanos() {
        return TimeUnit.MILLISECONDS.toNanos(3L * timeoutMillis);
    }
}
