package io.evenkeel.strategy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A value and the moment it is from, changed in one step and without a lock or an object: a float beside 32 bits of time.
 * Seven digits, and ticks of 65 µs, are more than a latency deserves.
 */
sealed class Estimate permits Ewma.Latency {
    private static final int TICK_BITS = 16;
    private static final double NANOS_PER_TICK = 1 << TICK_BITS;

    /** Below this share of the time constant, a straight line differs from the exponential by one part in a million. */
    private static final double NEARLY_STRAIGHT = 1e-3;

    private static final long UNKNOWN = 0;

    /** How an estimate takes a sample in. */
    @FunctionalInterface
    interface Blend {
        /** The new value; {@code gain} is what the sample counts after the time since the last one, 1 for all. */
        double of(double old, double sample, double gain);
    }

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Estimate.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long word = UNKNOWN; // here and not in an object of its own, which would be one more place to read
    private final double perTick;

    Estimate(long decayNanos) {
        this.perTick = NANOS_PER_TICK / decayNanos;
    }

    /** Whether there was no sample yet. */
    boolean isUnknown() {
        return word == UNKNOWN;
    }

    /** The value as it was after its last sample; 0 if there was none. */
    double value() {
        return valueOf(word);
    }

    /** The value, as it has relaxed towards another one since its last sample; that one, if there was none. */
    double relaxed(long now, double towards) {
        long seen = word;
        return seen == UNKNOWN ? towards : towards + (valueOf(seen) - towards) * kept(seen, now);
    }

    /** The same for a value above the other one; one below is as it was. */
    double forgiven(long now, double towards) {
        long seen = word;
        return seen == UNKNOWN || valueOf(seen) > towards ? relaxed(now, towards) : valueOf(seen);
    }

    /** What a sample counts now that counts the more the longer ago the last one was. */
    double gain(long now) {
        return 1 - kept(word, now);
    }

    /** Takes a sample in; the first one is the value. It counts for as much as the time since the last one, or the least gain. */
    void add(long now, double sample, double leastGain, Blend blend) {
        long before;
        long after;
        do {
            before = word;
            double value = before == UNKNOWN
                    ? sample
                    : blend.of(valueOf(before), sample, Math.max(leastGain, 1 - kept(before, now)));
            after = (long) Float.floatToRawIntBits((float) value) << 32 | (ticks(now) & 0xFFFF_FFFFL);
        } while (!WORD.compareAndSet(this, before, after));
    }

    private static int ticks(long now) {
        return (int) (now >> TICK_BITS);
    }

    private static double valueOf(long word) {
        return Float.intBitsToFloat((int) (word >> 32));
    }

    private double kept(long word, long now) {
        int ticks = ticks(now) - (int) word; // of two threads, the later may have the earlier time
        double share = Math.max(0, ticks) * perTick;
        return share < NEARLY_STRAIGHT ? 1 - share : Math.exp(-share);
    }
}
