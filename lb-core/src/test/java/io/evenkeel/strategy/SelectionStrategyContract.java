package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Pools;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
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
    @Tag("strategy")
    @DisplayName("2 shares follow the weights")
    default void sharesFollowTheWeights() {
        int[] weights = {50, 100, 150, 200};

        Map<String, Integer> counts = counts(weighted(weights), 50_000);

        assertShares(weights, counts, 50_000);
    }

    @Test
    @Tag("strategy")
    @DisplayName("2 with one of five down, the survivors stay within 5 % of one another's share")
    default void sharesOfTheOthersGrowAlikeWhenOneIsDown() {
        BackendPool pool = poolOf(5);
        pool.markDown("b2", "refused");

        Map<String, Integer> counts = counts(pool, 40_000);

        assertEquals(Set.of("b0", "b1", "b3", "b4"), counts.keySet());
        // Five standard deviations of 40,000 picks by chance are 4.3 %.
        assertTrue(counts.values().stream().allMatch(n -> Math.abs(n - 10_000) <= 500), counts.toString());
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
    default void aMemberThatIsDrainingOrEjectedIsNeverSelected() {
        try (BackendPool pool = poolOf(4)) {
            pool.drain("b1", Duration.ZERO);
            assertTrue(pool.eject(member(pool, "b2"), Duration.ofHours(1), "5 failures in a row", 100, 100));

            assertEquals(Set.of("b0", "b3"), counts(pool, 3_000).keySet());
        }
    }

    @Test
    @Tag("strategy")
    @DisplayName("2 100 threads share a selector and lose no count")
    default void aHundredThreadsShareASelectorAndLoseNoCount() throws InterruptedException {
        BackendPool pool = poolOf(7);
        Selector selector = bind(pool);
        Map<Integer, Throwable> faults = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 100; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    PickContext context = i % 2 == 0 ? PickContext.none() : PickContext.keyed(i);
                    pickOnce(selector, context);
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
        List<Member> members = pool.snapshot().members();
        assertEquals(100_000, members.stream().mapToLong(m -> m.load().picks()).sum());
        assertEquals(0, members.stream().mapToLong(m -> m.load().inFlight()).sum());
    }

    /** One whole pick. */
    default void pickOnce(Selector selector, PickContext context) {
        selector.select(context).pick().report(Outcome.SUCCESS);
    }

    @Test
    @Tag("strategy")
    @DisplayName("2 what is known of a removed member is let go")
    default void whatIsKnownOfARemovedMemberIsLetGo() {
        SelectionStrategy strategy = strategy();
        BackendPool pool = poolOf(3);
        WeakReference<LoadStats> load = loadOnceBound(strategy, pool, "b1");

        pool.remove("b1");
        Selector selector = strategy.selectorFor(pool.snapshot());

        try {
            Await.until("the load of b1 is collected", () -> {
                System.gc();
                return load.get() == null;
            });
        } finally {
            Reference.reachabilityFence(strategy);
            Reference.reachabilityFence(selector);
        }
    }

    /** In a method of its own, so that nothing of it is left on the stack. */
    private static WeakReference<LoadStats> loadOnceBound(SelectionStrategy strategy, BackendPool pool, String id) {
        assertNotNull(strategy.selectorFor(pool.snapshot()).select(PickContext.none()));
        return new WeakReference<>(Pools.member(pool, id).load());
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
        double total = Arrays.stream(weights).sum();
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
