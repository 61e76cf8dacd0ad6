package io.evenkeel.strategy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** The last loads that members told, and a quantile of them: worked out when one comes in, since picks only read it. */
final class RecentLoads {
    private static final int KEPT = 64;

    private final AtomicLongArray loads = new AtomicLongArray(KEPT);
    private final AtomicInteger added = new AtomicInteger();
    private final double quantile;
    private volatile double hotAbove;

    RecentLoads(double quantile) {
        this.quantile = quantile;
    }

    /** Loads above it are hot; 0 before the first. */
    double hotAbove() {
        return hotAbove;
    }

    void add(double load) {
        int number = added.getAndIncrement() & Integer.MAX_VALUE;
        loads.set(number % KEPT, Double.doubleToRawLongBits(load));
        if (number >= KEPT) {
            hotAbove = quantileOf(KEPT);
        } else {
            hotAbove = quantileOf(number + 1);
        }
    }

    private double quantileOf(int known) {
        double[] sorted = new double[known];
        for (int i = 0; i < known; i++) {
            sorted[i] = Double.longBitsToDouble(loads.get(i));
        }
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(quantile * known) - 1)];
    }
}
