package io.evenkeel.okhttp;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** How long a connection is used, by which clock, and the chance that keeps many from ending at the same time. */
record Lifetime(ConnectionPolicy policy, LongSupplier nanoClock, RandomGenerator random) {
    /** When a connection that begins now has reached its age. */
    long dueNanos() {
        double shortened = 1 - policy.jitter() * random.nextDouble();
        return nanoClock.getAsLong() + (long) (policy.maxAge().toNanos() * shortened);
    }

    boolean isOver(long dueNanos) {
        return nanoClock.getAsLong() - dueNanos >= 0;
    }
}
