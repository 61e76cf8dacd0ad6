package io.evenkeel.strategy;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Keys as they come in life: number k comes in proportion to {@code 1 / k^exponent}. */
final class ZipfKeys {
    private final double[] sums;
    private final SplittableRandom random;

    ZipfKeys(int count, double exponent, long seed) {
        sums = new double[count];
        random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            sums[i] = Math.pow(i + 1, -exponent) + (i == 0 ? 0 : sums[i - 1]);
        }
    }

    long next() {
        int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
        return found >= 0 ? found : -found - 1;
    }
}
