package io.evenkeel.strategy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A value and the moment it is from, changed in one step and without a lock or an object: a float beside 32 bits of time.
 * Seven digits, and ticks of 65 µs, are more than a latency deserves.
 */
final class Estimate {
    private static final int TICK_BITS = 16;
    private static final double NANOS_PER_TICK = 1 << TICK_BITS;

    /** Below this share of the time constant, a straight line differs from the exponential by one part in a million. */
    private static final double NEARLY_STRAIGHT = 1e-3;

    /** How an estimate takes a sample in. */
    @FunctionalInterface
    interface Blend {
        /** The new value; {@code kept} says how much of the old one is left after the time since, 1 for all of it. */
        double of(double old, double sample, double kept);
    }

    private final AtomicLong word = new AtomicLong();
    private final double decayTicks;

    Estimate(long decayNanos) {
        this.decayTicks = decayNanos / NANOS_PER_TICK;
    }

    /** Whether there was no sample yet. */
    boolean isUnknown() {
        return word.get() == 0;
    }

    /** The value as it was after its last sample. */
    double value() {
        return valueOf(word.get());
    }

    /** The value, relaxed towards another one since its last sample. */
    double value(long now, double towards) {
        long seen = word.get();
        double value = valueOf(seen);
        return towards + (value - towards) * kept(seen, now);
    }

    /** Takes a sample in; the first one is the value. A sample is above 0. */
    void add(long now, double sample, Blend blend) {
        long before;
        long after;
        do {
            before = word.get();
            double value = before == 0 ? sample : blend.of(valueOf(before), sample, kept(before, now));
            after = (long) Float.floatToRawIntBits((float) value) << 32 | (ticks(now) & 0xFFFF_FFFFL);
        } while (!word.compareAndSet(before, after));
    }

    private static int ticks(long now) {
        return (int) (now >> TICK_BITS);
    }

    private static double valueOf(long word) {
        return Float.intBitsToFloat((int) (word >> 32));
    }

    private double kept(long word, long now) {
        int ticks = ticks(now) - (int) word; // of two threads, the later may have the earlier time
        double share = Math.max(0, ticks) / decayTicks;
        return share < NEARLY_STRAIGHT ? 1 - share : Math.exp(-share);
    }
}
