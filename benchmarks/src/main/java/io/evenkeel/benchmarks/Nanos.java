package io.evenkeel.benchmarks;

/** Counts times in classes that are 1.6 % wide, from a nanosecond up. For one thread. */
final class Nanos {
    private static final int STEP_BITS = 6;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[STEPS * Long.SIZE];
    private long count;
    private long slowest;

    void add(long nanos) {
        counts[classOf(nanos)]++;
        count++;
        slowest = Math.max(slowest, nanos);
    }

    long slowest() {
        return slowest;
    }

    /** The time that so large a part is not above. */
    long quantile(double part) {
        long rank = (long) Math.ceil(part * count);
        long seen = 0;
        int at = -1;
        while (seen < rank) {
            seen += counts[++at];
        }
        return largestOf(Math.max(at, 0));
    }

    /** How many took longer; exact but for the width of a class. */
    long above(long nanos) {
        long above = 0;
        for (int i = classOf(nanos) + 1; i < counts.length; i++) {
            above += counts[i];
        }
        return above;
    }

    long count() {
        return count;
    }

    /** The first two octaves are exact; each further octave has as many steps as the second. */
    private static int classOf(long nanos) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(nanos | 1) - STEP_BITS);
        return (int) (nanos >> shift) + shift * STEPS;
    }

    private static long largestOf(int index) {
        if (index < 2 * STEPS) {
            return index;
        }
        int shift = index / STEPS - 1;
        return ((long) (index % STEPS + STEPS + 1) << shift) - 1;
    }
}
