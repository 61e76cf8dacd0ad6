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

    /** Whether a round of these weights, in lowest terms, is short enough to be written out. */
    static boolean isShort(int[] least) {
        return Weights.sum(least) * least.length <= MOST_LOOKS;
    }

    /** The places of members of these weights, in {@linkplain Weights#lowestTerms lowest terms}. */
    static int[] of(int[] least) {
        int round = (int) Weights.sum(least);
        int[] order = new int[round];
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
            order[step] = next;
        }
        return order;
    }

    static Member[] writtenOut(int[] order, Member[] members) {
        Member[] turns = new Member[order.length];
        Arrays.setAll(turns, i -> members[order[i]]);
        return turns;
    }
}
