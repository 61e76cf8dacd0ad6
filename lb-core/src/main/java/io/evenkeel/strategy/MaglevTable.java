package io.evenkeel.strategy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Maglev's lookup table: members take turns to claim the next free slot of a permutation of their own.
 *
 * <p>The permutations and the way weights skip turns are Envoy's (xxHash64 of the id with seeds 0 and 1), so that equal
 * ids and weights give equal tables there and here. Source: Eisenbud et al., NSDI 2016, section 3.4.
 */
final class MaglevTable {
    /** Primes, as the permutations need. */
    static final int SMALL = 65_537;

    static final int LARGE = 655_373;

    private static final int FREE = -1;

    private final String[] ids;
    private final int[] weights;
    private final int[] slots;

    private MaglevTable(String[] ids, int[] weights, int[] slots) {
        this.ids = ids;
        this.weights = weights;
        this.slots = slots;
    }

    /** Which index of the ids owns each slot. */
    int[] slots() {
        return slots;
    }

    boolean isFor(String[] otherIds, int[] otherWeights) {
        return Arrays.equals(ids, otherIds) && Arrays.equals(weights, otherWeights);
    }

    static MaglevTable build(String[] ids, int[] weights, int size) {
        int n = ids.length;
        // The order of the list must not matter: turns are taken in the order of the ids.
        int[] turns = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparing(i -> ids[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] next = new int[n];
        int[] skip = new int[n];
        for (int i = 0; i < n; i++) {
            byte[] id = ids[i].getBytes(StandardCharsets.UTF_8);
            next[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 0), size);
            skip[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 1), size - 1) + 1;
        }
        int[] slots = new int[size];
        Arrays.fill(slots, FREE);
        fill(slots, turns, next, skip, weights);
        return new MaglevTable(ids, weights, slots);
    }

    private static void fill(int[] slots, int[] turns, int[] next, int[] skip, int[] weights) {
        int heaviest = Arrays.stream(weights).max().orElseThrow();
        long[] target = new long[weights.length];
        int filled = 0;
        for (long round = 1; ; round++) {
            for (int i : turns) {
                if (round * weights[i] < target[i]) {
                    continue; // a lighter member sits this round out
                }
                target[i] += heaviest;
                while (slots[next[i]] != FREE) {
                    next[i] = step(next[i], skip[i], slots.length);
                }
                slots[next[i]] = i;
                next[i] = step(next[i], skip[i], slots.length);
                if (++filled == slots.length) {
                    return;
                }
            }
        }
    }

    private static int step(int slot, int skip, int size) {
        int next = slot + skip;
        return next < size ? next : next - size;
    }
}
