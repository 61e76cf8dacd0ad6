package io.evenkeel.strategy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A table whose slots stay where they are, as far as shares allow. Every slot has a home, to which it returns: so who
 * goes down and comes back finds exactly its own slots again, and nobody else loses one.
 *
 * <p>Shares are those of Maglev's turns, so that slots are divided as evenly as in a table that is built anew. Immutable.
 */
final class SteadyTable {
    private static final int NOBODY = -1;

    /** Who is there, and after them who was, and may come back. */
    private final String[] known;

    private final int[] weights;

    /** By indices of the known: who has each slot now. */
    private final int[] owners;

    private final int[] homes;

    private SteadyTable(String[] known, int[] weights, int[] owners, int[] homes) {
        this.known = known;
        this.weights = weights;
        this.owners = owners;
        this.homes = homes;
    }

    static SteadyTable of(Roll roll, int size) {
        int[] slots = MaglevTable.of(roll.ids(), roll.weights(), size).slots();
        return new SteadyTable(roll.ids(), roll.weights(), slots, slots);
    }

    /** Which index of the roll owns each slot. */
    int[] slots() {
        return owners;
    }

    /**
     * The table for those who are there now.
     *
     * @param pool whoever is in the pool, well or not, keeps its claims
     */
    SteadyTable next(Roll present, Set<String> pool) {
        int n = present.ids().length;
        if (present.has(Arrays.copyOf(known, weights.length), weights)) {
            return this;
        }
        String[] knownNow = Arrays.copyOf(present.ids(), n + known.length);
        int[] numbers = new int[known.length];
        int end = n;
        Map<String, Integer> numbersById = new HashMap<>();
        for (int i = 0; i < n; i++) {
            numbersById.put(knownNow[i], i);
        }
        for (int i = 0; i < known.length; i++) {
            numbers[i] = numbersById.getOrDefault(known[i], NOBODY);
            if (numbers[i] == NOBODY && pool.contains(known[i])) {
                numbers[i] = end;
                knownNow[end++] = known[i];
            }
        }
        int[] before = renumbered(owners, numbers);
        int[] home = renumbered(homes, numbers);
        int[] after = divide(present.weights(), home, before);
        for (int slot = 0; slot < home.length; slot++) {
            boolean isGone = home[slot] == NOBODY;
            boolean isGivenUp = home[slot] == before[slot] && home[slot] < n;
            home[slot] = isGone || isGivenUp ? after[slot] : home[slot];
        }
        return new SteadyTable(Arrays.copyOf(knownNow, end), present.weights(), after, home);
    }

    private static int[] renumbered(int[] slots, int[] numbers) {
        return Arrays.stream(slots).map(i -> numbers[i]).toArray();
    }

    /** Slots go home first, then stay with their owner, and what is left goes to whoever has less than its share. */
    private static int[] divide(int[] weights, int[] homes, int[] owners) {
        int[] room = shares(weights, homes.length);
        int[] slots = new int[homes.length];
        Arrays.fill(slots, NOBODY);
        claim(slots, homes, room);
        claim(slots, owners, room);
        int next = 0;
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == NOBODY) {
                do {
                    next = next + 1 < room.length ? next + 1 : 0;
                } while (room[next] == 0); // ends: there is room for every slot
                slots[slot] = next;
                room[next]--;
            }
        }
        return slots;
    }

    private static int[] shares(int[] weights, int size) {
        Turns turns = new Turns(weights);
        int[] shares = new int[weights.length];
        for (int i = 0; i < size; i++) {
            shares[turns.next()]++;
        }
        return shares;
    }

    private static void claim(int[] slots, int[] claims, int[] room) {
        for (int slot = 0; slot < slots.length; slot++) {
            int member = claims[slot];
            if (slots[slot] == NOBODY && member >= 0 && member < room.length && room[member] > 0) {
                slots[slot] = member;
                room[member]--;
            }
        }
    }
}
