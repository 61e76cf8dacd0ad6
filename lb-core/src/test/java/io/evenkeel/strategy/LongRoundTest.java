package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LongRoundTest {
    private static final int[] WEIGHTS =
            IntStream.range(0, 3_000).map(i -> 1 + i % 10).toArray();

    @Test
    void eachHasAsManyTurnsAsItWeighs() {
        assertArrayEquals(WEIGHTS, turns(LongRound.of(WEIGHTS), WEIGHTS.length));
    }

    @Test
    void turnsOfAMemberAreSpreadOverTheRound() {
        char[] places = LongRound.of(WEIGHTS);
        int[] latest = new int[WEIGHTS.length];
        Arrays.fill(latest, -1);

        for (int lap = 0; lap < 2; lap++) {
            for (int turn = 0; turn < places.length; turn++) {
                int place = places[turn];
                int now = lap * places.length + turn;
                // A member of weight w comes every 10 / w walks through all, rounded up or down: that is less than two
                // times the mean, and so is the way from one turn to the next, since walks are alike by their phases.
                double mean = (double) places.length / WEIGHTS[place];
                assertTrue(latest[place] < 0 || now - latest[place] < 2 * mean, "member " + place + " at " + now);
                latest[place] = now;
            }
        }
    }

    @Test
    void membersOfVeryDifferentWeightAreCountedExactly() {
        int[] weights = {65_535, 65_534, 65_533, 65_531};

        assertTrue(LongRound.isShort(weights));
        assertArrayEquals(weights, turns(LongRound.of(weights), weights.length));
    }

    @Test
    void aRoundOfTooManyTriesIsNotWrittenOut() {
        assertFalse(LongRound.isShort(new int[] {65_535, 65_534, 65_533, 65_531, 1}));
        assertFalse(LongRound.isShort(new int[Character.MAX_VALUE + 1]));
    }

    @Test
    void roundRobinGoesByIt() {
        Member[] members = weighted(WEIGHTS).snapshot().selectable().toArray(Member[]::new);
        Selector expected = new LongRound(new AtomicInteger(5), members, LongRound.of(WEIGHTS));
        Selector selector = new RoundRobin(5).selectorFor(weighted(WEIGHTS).snapshot());

        for (int pick = 0; pick < 20_000; pick++) {
            assertEquals(
                    expected.select(PickContext.none()).backend(),
                    selector.select(PickContext.none()).backend());
        }
    }

    private static int[] turns(char[] places, int members) {
        int[] turns = new int[members];
        for (char place : places) {
            turns[place]++;
        }
        return turns;
    }
}
