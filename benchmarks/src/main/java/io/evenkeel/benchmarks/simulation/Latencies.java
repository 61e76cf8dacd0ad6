package io.evenkeel.benchmarks.simulation;

/** Counts latencies in classes that are 0.8 % wide, from a microsecond up. */
final class Latencies {
    private static final int STEP_BITS = 7;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int CLASSES = STEPS * 26;

    private final int[] counts = new int[CLASSES];
    private long count;
    private double sumNanos;

    void add(long nanos) {
        counts[classOf(nanos / 1000)]++;
        count++;
        sumNanos += nanos;
    }

    void add(Latencies more) {
        for (int i = 0; i < CLASSES; i++) {
            counts[i] += more.counts[i];
        }
        count += more.count;
        sumNanos += more.sumNanos;
    }

    long count() {
        return count;
    }

    double meanMillis() {
        return sumNanos / count / 1e6;
    }

    /** The latency that so large a part is not above; NaN without any. */
    double quantileMillis(double part) {
        long rank = (long) Math.ceil(part * count);
        long seen = 0;
        for (int i = 0; i < CLASSES; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return upperMicros(i) / 1000.0;
            }
        }
        return Double.NaN;
    }

    /** The first two octaves of steps are exact; each further octave has as many steps. */
    private static int classOf(long micros) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(micros | 1) - STEP_BITS);
        return Math.min(CLASSES - 1, (int) (micros >> shift) + shift * STEPS);
    }

    private static double upperMicros(int index) {
        if (index < 2 * STEPS) {
            return index + 0.5;
        }
        int shift = index / STEPS - 1;
        return (index % STEPS + STEPS + 0.5) * (1L << shift);
    }
}
