package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.pool.PoolSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManyClientsTest {
    private static final int CLIENTS = 1_000;
    private static final int[] WEIGHTS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    private static final int TOTAL = 55;

    private static final Map<String, Function<RandomGenerator, SelectionStrategy>> STRATEGIES = Map.of(
            "round robin", SelectionStrategy::roundRobin,
            "random", SelectionStrategy::random,
            "least loaded", random -> SelectionStrategy.leastLoaded(2, LoadMetric.inFlight(), random),
            "adaptive", SelectionStrategy::adaptive,
            "pinned", SelectionStrategy::pinned);

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"round robin", "random", "least loaded", "adaptive", "pinned"})
    @Tag("strategy")
    @DisplayName("5 a thousand clients that rebuild at the same moment do not meet on one member")
    void aThousandClientsDoNotMeetOnOneMember(String name) {
        PoolSnapshot snapshot = weighted(WEIGHTS).snapshot();
        Random seeds = new Random(42);
        Map<String, Integer> firstPicks = new HashMap<>();

        for (int client = 0; client < CLIENTS; client++) {
            SelectionStrategy strategy = STRATEGIES.get(name).apply(new Random(seeds.nextLong()));
            Selector selector = strategy.selectorFor(snapshot);
            String id = selector.select(PickContext.none()).backend().id();
            firstPicks.merge(id, 1, Integer::sum);
        }

        // The heaviest has 182 of 1,000 with a deviation of 12, so that 1.3 times as many are 4.5 deviations. Members
        // of less
        // weight scatter more for their size, and are no danger: what counts is what the busiest of all gets.
        int ideal = CLIENTS * 10 / TOTAL;
        int busiest = firstPicks.values().stream().mapToInt(n -> n).max().orElseThrow();
        assertTrue(busiest <= 1.3 * ideal, name + ": " + firstPicks);
    }
}
