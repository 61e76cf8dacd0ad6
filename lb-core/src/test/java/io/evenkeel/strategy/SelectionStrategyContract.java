package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What every strategy must do, whatever its algorithm. A strategy's test implements it and adds its own cases. */
interface SelectionStrategyContract {
    SelectionStrategy strategy();

    @Test
    default void bindingItHoldsUpNobody() {
        assertFalse(strategy().mayBlock());
    }

    @Test
    default void itIsBoundByTheThreadThatChangesThePool() {
        assertFalse(strategy().mayBlock());
    }

    @Test
    default void anEmptyPoolSelectsNothing() {
        assertNull(select(poolOf(0), PickContext.none()));
        assertNull(select(poolOf(0), PickContext.none().excluding(backend(0))));
    }

    @Test
    default void theOnlyMemberIsAlwaysSelected() {
        assertEquals(Set.of("b0"), counts(poolOf(1), 100).keySet());
    }

    @Test
    default void everyMemberIsSelected() {
        assertEquals(16, counts(poolOf(16), 5_000).size());
    }

    @Test
    default void aMemberThatIsDownIsNeverSelected() {
        BackendPool pool = poolOf(3);
        pool.markDown("b1", "refused");

        assertEquals(Set.of("b0", "b2"), counts(pool, 3_000).keySet());
    }

    @Test
    default void weightZeroGetsNothing() {
        assertEquals(Set.of("b0", "b2"), counts(weighted(100, 0, 50), 3_000).keySet());
    }

    @Test
    default void sharesFollowTheWeights() {
        int[] weights = {50, 100, 150, 200};

        Map<String, Integer> counts = counts(weighted(weights), 50_000);

        assertShares(weights, counts, 50_000);
    }

    @Test
    default void sharesOfTheOthersGrowAlikeWhenOneIsDown() {
        BackendPool pool = poolOf(5);
        pool.markDown("b2", "refused");

        Map<String, Integer> counts = counts(pool, 40_000);

        assertShares(new int[] {1, 1, 0, 1, 1}, counts, 40_000);
    }

    @Test
    default void anExcludedMemberIsNotSelectedWhileAnotherIs() {
        BackendPool pool = poolOf(3);
        Selector selector = bind(pool);

        for (long key = 0; key < 2_000; key++) {
            PickContext context = PickContext.keyed(key).excluding(backend(0));
            assertNotEquals("b0", selector.select(context).backend().id());
            assertEquals(
                    "b2",
                    selector.select(context.excluding(backend(1))).backend().id());
        }
    }

    @Test
    default void withAllExcludedNothingIsSelected() {
        PickContext context = PickContext.keyed(1).excluding(backend(0)).excluding(backend(1));

        assertNull(select(poolOf(2), context));
    }

    @Test
    default void eightThreadsShareASelector() throws InterruptedException {
        PoolSnapshot snapshot = poolOf(7).snapshot();
        Selector selector = Selector.skippingExcluded(strategy().selectorFor(snapshot), snapshot);
        Map<Integer, Throwable> faults = new java.util.concurrent.ConcurrentHashMap<>();
        List<Thread> threads = new java.util.ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 50_000; i++) {
                    assertNotNull(selector.select(PickContext.none()));
                }
            });
            thread.setUncaughtExceptionHandler((failed, fault) -> faults.put(number, fault));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(Map.of(), faults);
    }

    /** A selector as a balancer makes it. */
    default Selector bind(BackendPool pool) {
        PoolSnapshot snapshot = pool.snapshot();
        return Selector.skippingExcluded(strategy().selectorFor(snapshot), snapshot);
    }

    private Member select(BackendPool pool, PickContext context) {
        return bind(pool).select(context);
    }

    /** How often each member is selected, half of the picks with a key and half without; fixed keys. */
    default Map<String, Integer> counts(BackendPool pool, int picks) {
        Selector selector = bind(pool);
        SplittableRandom keys = new SplittableRandom(42);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            Member member = selector.select(i % 2 == 0 ? PickContext.none() : PickContext.keyed(keys.nextLong()));
            counts.merge(member.backend().id(), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * For n independent picks with share p the count has the standard deviation sqrt(n·p·(1−p)); five of them are passed
     * once in 1.7 million. A table of 65,537 slots rounds each share by at most one slot, hence the part of 0.2 %.
     */
    private static void assertShares(int[] weights, Map<String, Integer> counts, int picks) {
        double total = java.util.Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            double share = weights[i] / total;
            double bound = 5 * Math.sqrt(picks * share * (1 - share)) + 0.002 * picks * share;
            int count = counts.getOrDefault(backend(i).id(), 0);
            assertTrue(
                    Math.abs(count - picks * share) <= bound,
                    "member " + i + ": " + count + " picks, expected " + picks * share + " ± " + bound);
        }
    }

    /** Backends whose order is reversed. */
    default List<Backend> reversed(List<Backend> backends) {
        List<Backend> copy = new java.util.ArrayList<>(backends);
        java.util.Collections.reverse(copy);
        return copy;
    }
}
