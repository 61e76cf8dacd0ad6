package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;

/**
 * Writes out one whole round of smooth weighted round robin, so that a pick costs what it costs without weights: 5, 1, 1
 * is a a b a c a a.
 *
 * <p>In each step every member gains its weight, the one that has most is next, and pays the sum of all weights. After
 * that sum of steps everybody is back at nothing. Source: nginx, commit 52327e06 (2012).
 */
final class SmoothOrder {
    /** A step looks at every member. A million looks take about a millisecond. */
    private static final long MOST_LOOKS = 1 << 20;

    private SmoothOrder() {}

    /** Whether a round is short enough to be written out. */
    static boolean isShort(int[] weights) {
        return length(weights) * weights.length <= MOST_LOOKS;
    }

    static Member[] of(Member[] members, int[] weights) {
        int[] least = lowestTerms(weights);
        int round = (int) length(weights);
        Member[] order = new Member[round];
        long[] gained = new long[least.length];
        for (int step = 0; step < round; step++) {
            int next = 0;
            for (int i = 0; i < least.length; i++) {
                gained[i] += least[i];
                if (gained[i] > gained[next]) {
                    next = i;
                }
            }
            gained[next] -= round;
            order[step] = members[next];
        }
        return order;
    }

    private static long length(int[] weights) {
        return Arrays.stream(lowestTerms(weights)).asLongStream().sum();
    }

    private static int[] lowestTerms(int[] weights) {
        int divisor = Arrays.stream(weights).reduce(0, SmoothOrder::greatestCommonDivisor);
        return Arrays.stream(weights).map(w -> w / divisor).toArray();
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
