package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Vectors;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RoundRobinTest implements SelectionStrategyContract {
    @Override
    public SelectionStrategy strategy() {
        return new RoundRobin(0);
    }

    @Test
    @Tag("main-job")
    @DisplayName("2 nine round-robin picks over three members give three each")
    void ninePicksOverThreeGiveThreeEach() {
        assertEquals(Map.of("b0", 3, "b1", 3, "b2", 3), counts(poolOf(3), 9));
    }

    @Test
    @Tag("main-job")
    @DisplayName("3 the order is kept when round robin passes any wrap of its counter, pool sizes 1 to 16")
    void theOrderIsKeptOverEveryWrap() {
        // Where an int may wrap: its sign, its whole range, and the lap after which the cursor is taken back.
        for (int wrap : new int[] {Integer.MAX_VALUE, -1, 1 << 30, 0}) {
            for (int size = 1; size <= 16; size++) {
                Selector selector =
                        new RoundRobin(wrap - 5).selectorFor(poolOf(size).snapshot());
                int first = position(selector);
                for (int step = 1; step < 64; step++) {
                    assertEquals((first + step) % size, position(selector), "wrap " + wrap + ", size " + size);
                }
            }
        }
    }

    @Test
    void manyBalancersStartAtDifferentMembers() {
        SplittableRandom random = new SplittableRandom(7);
        int[] firsts = new int[10];
        for (int i = 0; i < 1_000; i++) {
            firsts[
                    position(SelectionStrategy.roundRobin(random)
                            .selectorFor(poolOf(10).snapshot()))]++;
        }

        // 100 expected at each, standard deviation 9.5; six of them away from any of ten is a chance of 2 in 10^8.
        assertTrue(Arrays.stream(firsts).allMatch(count -> count > 43 && count < 157), Arrays.toString(firsts));
    }

    @Test
    void thePositionIsKeptWhenTheListIsReplacedAgainAndAgain() {
        RoundRobin strategy = new RoundRobin(0);
        BackendPool pool = poolOf(4);
        int[] counts = new int[4];

        for (int i = 0;
                i < 400;
                i++) { // an update before each pick: a cursor that restarts would always pick the first
            pool.replace(IntStream.range(0, 4).mapToObj(n -> backend(n)).toList());
            counts[position(strategy.selectorFor(pool.snapshot()))]++;
        }

        assertArrayEquals(new int[] {100, 100, 100, 100}, counts);
    }

    @Test
    void theSmoothOrderIsThatOfTheVectors() {
        Vectors.objects("weighted_round_robin.json", "cases")
                .filter(vector -> vector.get("algorithm").getAsString().equals("smooth"))
                .forEach(vector -> {
                    // Weight 0 never comes so far: it is not selectable. The vector's indices stay those of the pool.
                    BackendPool pool = weighted(Vectors.ints(vector, "weights"));
                    Selector selector = new RoundRobin(0).selectorFor(pool.snapshot());
                    int[] expected = Vectors.ints(vector, "picks");

                    int[] picks = IntStream.range(0, expected.length)
                            .map(i -> position(selector))
                            .toArray();

                    assertArrayEquals(expected, picks, vector.toString());
                });
    }

    @Test
    void manyMembersOfEqualWeightTakeOneTurnEach() {
        Selector selector = new RoundRobin(0).selectorFor(poolOf(5_000).snapshot());

        for (int turn = 0; turn < 10_000; turn++) {
            assertEquals(turn % 5_000, position(selector));
        }
    }

    @Test
    void weightsWhoseRoundIsTooLongToBeWrittenOutAreKeptToo() {
        int[] weights = new int[64];
        int total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 60_000 + 37 * i; // no common divisor, a sum of millions
            total += weights[i];
        }
        assertFalse(SmoothOrder.isShort(weights));

        Map<String, Integer> counts = counts(weighted(weights), 64_000);

        for (int i = 0; i < weights.length; i++) {
            assertEquals(64_000.0 * weights[i] / total, counts.get("b" + i), 5);
        }
    }

    @Test
    void theStaticStrideIsThatOfTheVectors() {
        Vectors.objects("weighted_round_robin.json", "cases")
                .filter(vector -> vector.get("algorithm").getAsString().equals("static_stride"))
                .filter(vector -> vector.has("picks") && vector.has("sequence_start"))
                .forEach(RoundRobinTest::assertStride);
    }

    private static void assertStride(JsonObject vector) {
        int[] weights = Vectors.ints(vector, "weights");
        int start = vector.get("sequence_start").getAsInt();
        Selector selector = new StaticStride(
                new java.util.concurrent.atomic.AtomicInteger(start),
                weighted(weights).snapshot().members().toArray(io.evenkeel.pool.Member[]::new),
                StaticStride.scale(weights));

        int[] expected = Vectors.ints(vector, "picks");
        int[] picks =
                IntStream.range(0, expected.length).map(i -> position(selector)).toArray();

        assertArrayEquals(expected, picks, vector.toString());
    }

    private static int position(Selector selector) {
        return Integer.parseInt(
                selector.select(PickContext.none()).backend().id().substring(1));
    }
}
