package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastLoadedTest implements SelectionStrategyContract {
    @Override
    public SelectionStrategy strategy() {
        return of(2);
    }

    private static SelectionStrategy of(int choices) {
        return SelectionStrategy.leastLoaded(choices, LoadMetric.inFlight(), new Random(42));
    }

    @Nested
    class OfFive implements SelectionStrategyContract {
        @Override
        public SelectionStrategy strategy() {
            return of(5);
        }
    }

    private static List<Long> inFlight(BackendPool pool) {
        return pool.snapshot().members().stream().map(m -> m.load().inFlight()).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    void openPicksAreSpreadEvenly(int choices) {
        BackendPool pool = poolOf(10);
        Selector selector = of(choices).selectorFor(pool.snapshot());

        for (int i = 0; i < 10_000; i++) {
            selector.select(PickContext.none()).pick();
        }

        // ln ln n / ln 2 + O(1) above the mean: about 1.2 for ten members, and the constant is small.
        assertTrue(
                inFlight(pool).stream().allMatch(n -> n >= 990 && n <= 1_010),
                inFlight(pool).toString());
    }

    @Test
    void openPicksFollowTheWeights() {
        BackendPool pool = weighted(100, 100, 200);
        Selector selector = of(2).selectorFor(pool.snapshot());

        for (int i = 0; i < 4_000; i++) {
            selector.select(PickContext.none()).pick();
        }

        assertEquals(
                List.of(1_000L, 1_000L, 2_000L),
                inFlight(pool).stream().map(n -> (n + 10) / 20 * 20).toList());
    }

    @Test
    void aMemberThatIsStuckGetsLittleMore() {
        BackendPool pool = poolOf(4);
        Selector selector = of(2).selectorFor(pool.snapshot());
        Deque<Pick> open = new ArrayDeque<>();

        for (int i = 0; i < 20_000; i++) {
            Member member = selector.select(PickContext.none());
            Pick pick = member.pick();
            if (!member.backend().id().equals("b0")) {
                open.add(pick);
            }
            if (open.size() > 12) {
                open.remove().close();
            }
        }

        // It is chosen only while it has no more in flight than the other: 12 are open on the three others.
        assertTrue(inFlight(pool).get(0) < 20, inFlight(pool).toString());
    }

    @Test
    void theTwoDrawnAlwaysDiffer() {
        BackendPool pool = poolOf(2);
        pool.snapshot().members().get(0).pick();
        Selector selector = of(2).selectorFor(pool.snapshot());

        for (int i = 0; i < 1_000; i++) {
            assertEquals("b1", selector.select(PickContext.none()).backend().id());
        }
    }

    @Test
    void theNumberOfChoicesIsChecked() {
        for (int choices : new int[] {1, 11}) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> SelectionStrategy.leastLoaded(choices, LoadMetric.inFlight()));

            assertEquals("choices: " + choices + " (expected: 2 to 10)", refused.getMessage());
        }
    }
}
