package io.evenkeel.benchmarks.simulation;

import java.util.Arrays;

/**
 * What a server knows of its own latency: the median of recent answers whose load at arrival was nearest to the present
 * one. What a probe of Prequal is told (Wydrowski et al., NSDI 2024).
 */
final class Gauge {
    private static final int KEPT = 32;
    private static final int NEAREST = 7;

    private final int[] loads = new int[KEPT];
    private final long[] latencies = new long[KEPT];
    private final long[] nearest = new long[NEAREST];
    private final int[] distances = new int[NEAREST];
    private int answers;

    void answered(int loadAtArrival, long tookNanos) {
        int slot = answers++ & KEPT - 1;
        loads[slot] = loadAtArrival;
        latencies[slot] = tookNanos;
    }

    /** Zero before the first answer. */
    long nanosAt(int load) {
        int known = Math.min(answers, KEPT);
        int taken = 0;
        for (int i = 0; i < known; i++) {
            int distance = Math.abs(loads[i] - load);
            int slot = taken < NEAREST ? taken : NEAREST - 1;
            if (taken == NEAREST && distances[slot] <= distance) {
                continue;
            }
            for (; slot > 0 && distances[slot - 1] > distance; slot--) {
                distances[slot] = distances[slot - 1];
                nearest[slot] = nearest[slot - 1];
            }
            distances[slot] = distance;
            nearest[slot] = latencies[i];
            taken = Math.min(taken + 1, NEAREST);
        }
        Arrays.sort(nearest, 0, taken);
        return taken == 0 ? 0 : nearest[taken / 2];
    }
}
