package io.evenkeel.strategy;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws an index by weight in constant time: every column holds a part of its own index and fills up with one other.
 *
 * <p>Source: Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE Transactions on
 * Software Engineering 17(9), 1991. In whole numbers, so that no rounding can favour an index.
 */
final class AliasTable {
    private final long total;
    private final long[] own;
    private final int[] alias;

    private AliasTable(long total, long[] own, int[] alias) {
        this.total = total;
        this.own = own;
        this.alias = alias;
    }

    /** Weights are 0 to 65,535 and not all 0. */
    static AliasTable of(int[] weights) {
        int n = weights.length;
        long total = Arrays.stream(weights).asLongStream().sum();
        long[] part = Arrays.stream(weights).mapToLong(w -> (long) w * n).toArray(); // the mean of the parts is total
        int[] alias = new int[n];
        int[] light = new int[n];
        int[] heavy = new int[n];
        int lights = 0;
        int heavies = 0;
        for (int i = 0; i < n; i++) {
            if (part[i] < total) {
                light[lights++] = i;
            } else {
                heavy[heavies++] = i;
            }
        }
        while (lights > 0 && heavies > 0) {
            int small = light[--lights];
            int large = heavy[heavies - 1];
            alias[small] = large;
            part[large] -= total - part[small];
            if (part[large] < total) {
                heavies--;
                light[lights++] = large;
            }
        }
        return new AliasTable(total, part, alias);
    }

    int draw(RandomGenerator random) {
        int column = Mix.reduce(random.nextLong(), own.length);
        return random.nextLong(total) < own[column] ? column : alias[column];
    }
}
