package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;

/** The weights of the members of one snapshot. */
final class Weights {
    private Weights() {}

    static int[] of(Member[] members) {
        int[] weights = new int[members.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = members[i].weight();
        }
        return weights;
    }

    static boolean areEqual(int[] weights) {
        int last = Math.max(0, weights.length - 1);
        // Each beside the next one, since arrays are compared many numbers at a time.
        return Arrays.equals(weights, 0, last, weights, Math.min(1, weights.length), weights.length);
    }

    static int largest(int[] weights) {
        int largest = 0;
        for (int weight : weights) {
            largest = Math.max(largest, weight);
        }
        return largest;
    }

    static long sum(int[] weights) {
        long sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /** In lowest terms: what keeps their proportions and is least. Not for weights that are all 0. */
    static int[] lowestTerms(int[] weights) {
        int divisor = 0;
        for (int i = 0; i < weights.length && divisor != 1; i++) {
            divisor = greatestCommonDivisor(weights[i], divisor);
        }
        int[] least = weights.clone();
        for (int i = 0; i < least.length && divisor > 1; i++) {
            least[i] /= divisor;
        }
        return least;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
