package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PinnedTest implements SelectionStrategyContract {
    private final Random random = new Random(42);
    private final BackendPool pool = poolOf(5);
    private final LoadBalancer balancer =
            LoadBalancer.over(pool).strategy(strategy()).build();

    @Override
    public SelectionStrategy strategy() {
        return SelectionStrategy.pinned(random);
    }

    /** The shares of many clients: each pick is the first one of another. */
    @Override
    public Map<String, Integer> counts(BackendPool pool, int picks) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            counts.merge(bind(pool).select(PickContext.none()).backend().id(), 1, Integer::sum);
        }
        return counts;
    }

    private String pick(Outcome outcome) throws NoBackendException {
        try (Pick pick = balancer.pick()) {
            pick.report(outcome);
            return pick.backend().id();
        }
    }

    private Set<String> pickMany(Outcome outcome) throws NoBackendException {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            ids.add(pick(outcome));
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCESS", "CANCELLED"})
    void allPicksGoToOneMember(Outcome outcome) throws NoBackendException {
        assertEquals(1, pickMany(outcome).size());
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILURE", "TIMEOUT"})
    void afterAFailureAllGoToAnotherAndStayThere(Outcome outcome) throws NoBackendException {
        String first = pick(outcome);

        String second = pick(Outcome.SUCCESS);

        assertNotEquals(first, second);
        assertEquals(Set.of(second), pickMany(Outcome.SUCCESS));
    }

    @Test
    void whoeverLeavesIsNotComeBackTo() throws NoBackendException {
        String first = pick(Outcome.SUCCESS);

        pool.markDown(first, "refused");
        String second = pick(Outcome.SUCCESS);
        pool.markUp(first, "answered");

        assertNotEquals(first, second);
        assertEquals(Set.of(second), pickMany(Outcome.SUCCESS));
    }

    @Test
    void otherChangesOfThePoolMoveNothing() throws NoBackendException {
        String pinned = pick(Outcome.SUCCESS);

        for (int i = 0; i < 5; i++) {
            String other = "b" + i;
            if (!other.equals(pinned)) {
                pool.markDown(other, "refused");
                assertEquals(pinned, pick(Outcome.SUCCESS));
            }
        }
        pool.add(backend(5).withWeight(60_000));

        assertEquals(Set.of(pinned), pickMany(Outcome.SUCCESS));
    }

    @Test
    void picksWithExclusionsMoveNothing() throws NoBackendException {
        String pinned = pick(Outcome.SUCCESS);
        PickContext retry = PickContext.none().excluding(member(pool, pinned).backend());

        for (int i = 0; i < 100; i++) {
            try (Pick pick = balancer.pick(retry)) {
                assertNotEquals(pinned, pick.backend().id());
            }
        }

        assertEquals(Set.of(pinned), pickMany(Outcome.SUCCESS));
    }

    @Test
    void aPickThatExcludesAnotherStays() throws NoBackendException {
        String pinned = pick(Outcome.SUCCESS);
        String other = pinned.equals("b0") ? "b1" : "b0";

        for (int i = 0; i < 100; i++) {
            try (Pick pick = balancer.pick(
                    PickContext.none().excluding(member(pool, other).backend()))) {
                assertEquals(pinned, pick.backend().id());
            }
        }
    }

    @Test
    void whoHasFailedLatelyIsNotTheNext() throws NoBackendException {
        String pinned = pick(Outcome.SUCCESS);
        String well = pinned.equals("b0") ? "b1" : "b0";
        for (int i = 0; i < 5; i++) {
            if (!well.equals("b" + i)) {
                member(pool, "b" + i).pick().report(Outcome.FAILURE);
            }
        }

        assertEquals(Set.of(well), pickMany(Outcome.SUCCESS));
    }

    @Test
    void whereAllHaveFailedTheNextOneGetsItsChance() throws NoBackendException {
        for (int i = 0; i < 5; i++) {
            member(pool, "b" + i).pick().report(Outcome.FAILURE);
        }

        assertEquals(1, pickMany(Outcome.CANCELLED).size());
    }

    @Test
    void theOnlyMemberStaysHoweverOftenItFails() throws NoBackendException {
        for (int i = 1; i < 5; i++) {
            pool.markDown("b" + i, "refused");
        }

        assertEquals(Set.of("b0"), pickMany(Outcome.FAILURE));
    }

    @Test
    void theNextOneIsDrawnByWeight() {
        int fromFirst = 0;
        int toHeavy = 0;
        for (int i = 0; i < 4_000; i++) {
            BackendPool weighted = weighted(100, 100, 300);
            Selector selector = bind(weighted);
            Member pinned = selector.select(PickContext.none());
            pinned.pick().report(Outcome.FAILURE);
            if (pinned.backend().id().equals("b0")) {
                fromFirst++;
                toHeavy += selector.select(PickContext.none()).backend().id().equals("b2") ? 1 : 0;
            }
        }

        // Three to one; five standard deviations are passed once in 1.7 million.
        assertEquals(0.75, (double) toHeavy / fromFirst, 5 * Math.sqrt(0.75 * 0.25 / fromFirst));
    }

    @Test
    void aFailingMemberIsLeftThoughNearlyAllTheWeightIsIts() {
        BackendPool weighted = weighted(60_000, 1, 1);
        Selector selector = bind(weighted);
        Member pinned = selector.select(PickContext.none());

        pinned.pick().report(Outcome.FAILURE);

        assertEquals("b0", pinned.backend().id());
        assertNotEquals("b0", selector.select(PickContext.none()).backend().id());
    }

    @Test
    void threadsThatLoseThePinTogetherFindOne() throws InterruptedException {
        PoolSnapshot snapshot = pool.snapshot();
        SelectionStrategy strategy = SelectionStrategy.pinned();
        Selector selector = Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot);
        for (int round = 0; round < 200; round++) {
            selector.select(PickContext.none()).pick().report(Outcome.FAILURE);
            Set<String> found = ConcurrentHashMap.newKeySet();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() ->
                        found.add(selector.select(PickContext.none()).backend().id()));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertEquals(1, found.size(), "round " + round);
        }
    }

    @Test
    void aPickThatStaysAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Selector selector = bind(pool);
        int found = 0;
        for (int i = 0; i < 1_000; i++) { // loads the classes
            found += selector.select(PickContext.none()) == null ? 0 : 1;
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            found += selector.select(PickContext.none()) == null ? 0 : 1;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(found == 101_000 && allocated < 100_000, allocated + " bytes");
    }
}
