package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How to write a strategy of one's own: each test is an example. */
class CustomStrategyTest {
    /** A lambda of a lambda: what is computed for a snapshot, and what is done for a pick. */
    private static final SelectionStrategy HEAVIEST_FIRST = snapshot -> {
        List<Member> heaviestFirst = snapshot.selectable().stream()
                .sorted(Comparator.comparingInt(Member::weight).reversed())
                .toList();
        return context -> heaviestFirst.isEmpty() ? null : heaviestFirst.get(0);
    };

    /** The member that answered fastest the last time; a meter listens for it. */
    private static final class LastAnswer implements SelectionStrategy {
        /** Whoever has not answered yet is asked first. */
        private static final class Stopwatch implements Meter {
            private volatile long lastNanos;

            @Override
            public void began(long now) {}

            @Override
            public void answered(long began, long now, Outcome outcome) {
                lastNanos = outcome == Outcome.SUCCESS ? now - began : Long.MAX_VALUE;
            }
        }

        @Override
        public Meter meterFor(Member member) {
            return new Stopwatch();
        }

        @Override
        public Selector selectorFor(PoolSnapshot snapshot) {
            List<Member> members = snapshot.selectable();
            return context -> members.stream()
                    .min(Comparator.comparingLong(LastAnswer::lastNanos))
                    .orElse(null);
        }

        private static long lastNanos(Member member) {
            return member.meter() instanceof Stopwatch stopwatch ? stopwatch.lastNanos : 0;
        }
    }

    private static Map<String, Integer> pickMany(LoadBalancer balancer, int picks) throws NoBackendException {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < picks; i++) {
            try (Pick pick = balancer.pick()) {
                counts.merge(pick.backend().id(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Whoever waits until a snapshot shows that a member is gone may stop it: no balancer picks it any more. */
    @Test
    void aPoolShowsAChangeOnlyWhenItsBalancersHaveIt() {
        BackendPool pool = BackendPool.of("web", backend(0), backend(1));
        List<String> seen = new CopyOnWriteArrayList<>();
        SelectionStrategy looking = snapshot -> {
            seen.add(snapshot.members().size() + " while "
                    + pool.snapshot().members().size() + " are shown");
            return context -> snapshot.selectable().get(0);
        };
        try (LoadBalancer ignored = LoadBalancer.over(pool).strategy(looking).build()) {
            pool.remove(backend(1).id());

            assertEquals(List.of("2 while 2 are shown", "1 while 2 are shown"), seen);
            assertEquals(1, pool.snapshot().members().size());
        }
    }

    @Test
    void aLambdaMayGoByWeights() throws NoBackendException {
        LoadBalancer balancer = LoadBalancer.over(weighted(100, 300, 200))
                .strategy(HEAVIEST_FIRST)
                .build();

        assertEquals(Map.of("b1", 20), pickMany(balancer, 20));
    }

    @Test
    void itIsBoundAnewWhenThePoolChanges() throws NoBackendException {
        BackendPool pool = weighted(100, 300, 200);
        LoadBalancer balancer = LoadBalancer.over(pool).strategy(HEAVIEST_FIRST).build();

        pool.markDown("b1", "refused");

        assertEquals(Map.of("b2", 20), pickMany(balancer, 20));
    }

    @Test
    void itNeedsToKnowNothingOfExclusions() throws NoBackendException {
        LoadBalancer balancer = LoadBalancer.over(weighted(100, 300, 200))
                .strategy(HEAVIEST_FIRST)
                .build();
        PickContext retry = PickContext.none().excluding(backend(1));

        assertTrue(List.of("b0", "b2").contains(balancer.pick(retry).backend().id()));
        assertEquals("b0", balancer.pick(retry.excluding(backend(2))).backend().id());
    }

    @Test
    void itMayGoByKeys() throws NoBackendException {
        SelectionStrategy byRemainder = snapshot -> {
            List<Member> members = snapshot.selectable();
            return context -> members.get(Math.floorMod(context.key(), members.size()));
        };
        LoadBalancer balancer = LoadBalancer.builder("test")
                .backends(backends(3))
                .strategy(byRemainder)
                .build();

        assertEquals("b2", balancer.pick(PickContext.keyed(-1)).backend().id());
        assertEquals("b1", balancer.pick(PickContext.keyed(4)).backend().id());
    }

    @Test
    void itMayCountForItself() throws NoBackendException {
        AtomicInteger picks = new AtomicInteger();
        SelectionStrategy everyTenthToTheLast = snapshot -> {
            List<Member> members = snapshot.selectable();
            return context -> members.get(picks.incrementAndGet() % 10 == 0 ? members.size() - 1 : 0);
        };
        LoadBalancer balancer = LoadBalancer.builder("test")
                .backends(backends(3))
                .strategy(everyTenthToTheLast)
                .build();

        assertEquals(Map.of("b0", 90, "b2", 10), pickMany(balancer, 100));
    }

    @Test
    void aMeterHearsWhenPicksBeginAndAreAnswered() throws NoBackendException {
        VirtualTime time = new VirtualTime();
        LoadBalancer balancer = LoadBalancer.builder("test")
                .backends(backends(3))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .strategy(new LastAnswer())
                .build();

        for (int i = 0; i < 3; i++) { // each is asked once, and b1 answers fastest
            Pick pick = balancer.pick();
            time.advance(Duration.ofMillis(pick.backend().id().equals("b1") ? 5 : 50));
            pick.responded();
            pick.report(Outcome.SUCCESS);
        }
        assertEquals("b1", balancer.pick().backend().id());
        balancer.pick().responded(Outcome.FAILURE);

        assertNotEquals("b1", balancer.pick().backend().id()); // a quick failure is not a quick answer
    }

    @Test
    void aMeterStaysWhileItsMemberStays() throws NoBackendException {
        VirtualTime time = new VirtualTime();
        LoadBalancer balancer = LoadBalancer.builder("test")
                .backends(backends(2))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .strategy(new LastAnswer())
                .build();
        for (int i = 0; i < 2; i++) {
            Pick pick = balancer.pick();
            time.advance(Duration.ofMillis(pick.backend().id().equals("b1") ? 5 : 50));
            pick.report(Outcome.SUCCESS);
        }

        balancer.pool().setAdminState("b1", AdminState.DOWN);
        balancer.pool().setAdminState("b1", AdminState.NONE);

        assertEquals("b1", balancer.pick().backend().id());
    }

    @Test
    void aMetricOfOnesOwnServesTheStrategiesThatCompare() throws NoBackendException {
        LoadMetric failures = member -> member.load().failures();
        BackendPool pool = weighted(100, 100);
        pool.snapshot().members().get(0).pick().report(Outcome.FAILURE);

        LoadBalancer balancer = LoadBalancer.over(pool)
                .strategy(SelectionStrategy.leastLoaded(2, failures))
                .build();

        assertEquals(Map.of("b1", 50), pickMany(balancer, 50));
    }
}
