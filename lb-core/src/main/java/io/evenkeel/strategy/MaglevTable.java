package io.evenkeel.strategy;

import io.evenkeel.affinity.XxHash64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Maglev's lookup table: members take turns to claim the next free slot of a permutation of their own.
 *
 * <p>The permutations and the way weights skip turns are Envoy's (xxHash64 of the id with seeds 0 and 1), so that equal
 * ids and weights give equal tables there and here. Source: Eisenbud et al., NSDI 2016, section 3.4.
 */
final class MaglevTable {
    private static final int FREE = -1;

    // Not the members: their load would live as long as the table.
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

    boolean isFor(Roll roll, int size) {
        return slots.length == size && roll.has(ids, weights);
    }

    /**
     * Builds a table.
     *
     * @param ids in their natural order, which is the order of turns
     * @param size a prime, as the permutations need
     */
    static MaglevTable of(String[] ids, int[] weights, int size) {
        int n = ids.length;
        int[] next = new int[n];
        int[] skip = new int[n];
        for (int i = 0; i < n; i++) {
            byte[] id = ids[i].getBytes(StandardCharsets.UTF_8);
            next[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 0), size);
            skip[i] = (int) Long.remainderUnsigned(XxHash64.hash(id, 1), size - 1) + 1;
        }
        int[] slots = new int[size];
        Arrays.fill(slots, FREE);
        Turns turns = new Turns(weights);
        for (int filled = 0; filled < size; filled++) {
            int i = turns.next();
            while (slots[next[i]] != FREE) {
                next[i] = step(next[i], skip[i], size);
            }
            slots[next[i]] = i;
        }
        return new MaglevTable(ids, weights, slots);
    }

    private static int step(int slot, int skip, int size) {
        int next = slot + skip;
        return next < size ? next : next - size;
    }
}
