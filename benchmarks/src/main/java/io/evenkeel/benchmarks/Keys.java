package io.evenkeel.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys as they come in life: a few that everybody wants, and many that hardly anybody does. */
final class Keys {
    private static final int COUNT = 100_000;
    private static final double[] CUMULATIVE = cumulative();

    private Keys() {}

    /** Key number k comes in proportion to 1 / k^1.1. */
    static long zipf(SplittableRandom random) {
        int found = Arrays.binarySearch(CUMULATIVE, random.nextDouble() * CUMULATIVE[COUNT - 1]);
        return found >= 0 ? found : -found - 1;
    }

    private static double[] cumulative() {
        double[] sums = new double[COUNT];
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += Math.pow(i + 1, -1.1);
            sums[i] = sum;
        }
        return sums;
    }
}
