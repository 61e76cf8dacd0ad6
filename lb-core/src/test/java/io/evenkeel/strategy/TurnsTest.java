package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TurnsTest {
    /** The rule as it is told: everybody is asked in every round. */
    private static List<Integer> byRounds(int[] weights, int count) {
        int heaviest = Arrays.stream(weights).max().orElseThrow();
        long[] target = new long[weights.length];
        List<Integer> turns = new ArrayList<>();
        for (long round = 1; turns.size() < count; round++) {
            for (int i = 0; i < weights.length; i++) {
                if (round * weights[i] >= target[i]) {
                    target[i] += heaviest;
                    turns.add(i);
                }
            }
        }
        return turns.subList(0, count);
    }

    private static List<Integer> turns(int[] weights, int count) {
        Turns turns = new Turns(weights);
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(turns.next());
        }
        return taken;
    }

    @Test
    void theHeaviestHasATurnInEveryRoundAndOthersCatchUp() {
        assertEquals(List.of(0, 1, 0, 1, 1, 0, 1, 1), turns(new int[] {1, 2}, 8));
    }

    @Test
    void equalWeightsTakeTurnsInOrder() {
        assertEquals(List.of(0, 1, 2, 0, 1, 2, 0), turns(new int[] {7, 7, 7}, 7));
    }

    @Test
    void anyWeightsHaveTheTurnsOfTheRule() {
        SplittableRandom random = new SplittableRandom(5);
        for (int run = 0; run < 200; run++) {
            int most = 1 << random.nextInt(17);
            int[] weights = random.ints(1 + random.nextInt(20), 1, most + 1).toArray();

            assertEquals(byRounds(weights, 2_000), turns(weights, 2_000), Arrays.toString(weights));
        }
    }
}
