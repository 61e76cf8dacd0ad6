package io.evenkeel.strategy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests wait for their answer at a member and how long, in one atomic number: a count in the low bits, and
 * above them the sum of the times at which they began. The sum may wrap round, since only its difference to now counts.
 */
final class Waiting {
    private static final int COUNT_BITS = 20;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    /** 16 µs; the sum of the ages holds 4 years. */
    private static final int TICK_BITS = 14;

    private final AtomicLong word = new AtomicLong();

    void began(long now) {
        word.getAndAdd(entry(now));
    }

    void answered(long began) {
        word.getAndAdd(-entry(began));
    }

    /**
     * The age of the oldest, in nanoseconds, if all came at a steady pace: then it is twice the mean age for many, and the
     * age itself for one. 0 if none waits.
     */
    double oldestAge(long now) {
        long seen = word.get();
        long count = seen & COUNT_MASK;
        long ages = ((now >> TICK_BITS) * count - (seen >> COUNT_BITS)) << COUNT_BITS >> COUNT_BITS;
        // Of two threads, the one with the earlier time may come later: then nothing has an age.
        return (double) (Math.max(0, ages) << (TICK_BITS + 1)) / (count + 1);
    }

    private static long entry(long time) {
        return (time >> TICK_BITS << COUNT_BITS) + 1;
    }
}
