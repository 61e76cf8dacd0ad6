package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {
    @Test
    void picksAreSpreadAndCounted() throws NoBackendException {
        try (LoadBalancer balancer =
                LoadBalancer.builder("web").backends(backends(3)).build()) {
            for (int i = 0; i < 9; i++) {
                balancer.pick().report(Outcome.SUCCESS);
            }

            balancer.pool()
                    .snapshot()
                    .members()
                    .forEach(m -> assertEquals(3, m.load().successes()));
        }
    }

    @Test
    void anEmptyPoolIsLegalAndAPickSaysSo() {
        EventLog log = new EventLog();
        try (LoadBalancer balancer = LoadBalancer.builder("web").listener(log).build()) {

            NoBackendException failure = assertThrows(NoBackendException.class, balancer::pick);

            assertEquals("pool \"web\" (snapshot 1) has no selectable backend: it is empty", failure.getMessage());
            log.assertEvents("pick failed");
        }
    }

    @Test
    void whenNobodyIsLeftTheExceptionSaysWhyForEachMember() {
        BackendPool pool = BackendPool.builder("web")
                .backends(List.of(backend(0), backend(1).withWeight(0), backend(2)))
                .build();
        pool.markDown("b0", "2 failed probes: connection refused");
        LoadBalancer balancer = LoadBalancer.over(pool).build();

        NoBackendException failure = assertThrows(
                NoBackendException.class, () -> balancer.pick(PickContext.none().excluding(backend(2))));

        assertEquals(
                "pool \"web\" (snapshot 2) has no selectable backend of 3: "
                        + "b0 DOWN (2 failed probes: connection refused), b1 UP (weight 0, not probed), "
                        + "b2 UP (not probed) (tried already)",
                failure.getMessage());
        assertSame(pool.snapshot(), failure.snapshot());
    }

    @Test
    void theMessageNamesTenMembersAtTheMost() {
        BackendPool pool = poolOf(12);
        pool.beginProbing();

        NoBackendException failure = assertThrows(
                NoBackendException.class, () -> LoadBalancer.over(pool).build().pick());

        assertTrue(failure.getMessage().endsWith("b9 UNPROBED (no probe so far), and 2 more"), failure.getMessage());
    }

    @Test
    void aChangeOfThePoolIsSeenByTheNextPick() throws NoBackendException {
        LoadBalancer balancer = LoadBalancer.over(poolOf(2)).build();

        balancer.pool().remove("b0");
        for (int i = 0; i < 10; i++) {
            assertEquals("b1", pickOnce(balancer));
        }

        balancer.pool().add(backend(5));
        assertEquals(Set.of("b1", "b5"), pickMany(balancer));
    }

    @Test
    void aStrategyThatThrowsIsReplacedByChanceAndCounted() throws NoBackendException {
        BackendPool pool = poolOf(3);
        LoadBalancer whenBinding = LoadBalancer.over(pool)
                .strategy(snapshot -> {
                    throw new IllegalStateException("on purpose");
                })
                .build();
        LoadBalancer whenPicking = LoadBalancer.over(pool)
                .strategy(snapshot -> context -> {
                    throw new AssertionError("on purpose");
                })
                .build();

        assertEquals(Set.of("b0", "b1", "b2"), pickMany(whenBinding));
        assertEquals(Set.of("b0", "b1", "b2"), pickMany(whenPicking));
        assertTrue(pool.faults().count() > 200);
    }

    @Test
    void aStrategyMayBeALambda() throws NoBackendException {
        LoadBalancer balancer = LoadBalancer.over(poolOf(3))
                .strategy(snapshot -> context -> snapshot.selectable().get(1))
                .build();

        assertEquals(Set.of("b1"), pickMany(balancer));
        // Exclusions are kept for it.
        Pick other = balancer.pick(PickContext.none().excluding(backend(1)));
        assertNotEquals("b1", other.backend().id());
    }

    @Test
    void withAProbeNobodyIsPickedBeforeItsFirstGoodAnswer() throws NoBackendException {
        VirtualTime time = new VirtualTime();
        LoadBalancer balancer = LoadBalancer.builder("web")
                .backends(backends(2))
                .probe(new ScriptedProbe().forBackend("b0", "up").forBackend("b1", "down"))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .random(new SplittableRandom(1))
                .build();

        assertThrows(NoBackendException.class, balancer::pick);

        time.advance(Duration.ofSeconds(1));
        assertEquals(Set.of("b0"), pickMany(balancer));

        balancer.close();
        assertEquals(
                Set.of("b0", "b1"), pickMany(LoadBalancer.over(balancer.pool()).build()));
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void awaitingReadinessEndsWithTheFirstSelectableMemberOrAtTheTimeout() throws InterruptedException {
        BackendPool pool = poolOf(2);
        pool.beginProbing();
        LoadBalancer balancer = LoadBalancer.over(pool).build();

        assertFalse(balancer.awaitReady(Duration.ofMillis(1)));

        Thread prober = new Thread(() -> pool.markUp("b1", "status 200"));
        prober.start();
        assertTrue(balancer.awaitReady(Duration.ofSeconds(20)));
        prober.join();
        assertFalse(balancer.awaitReady(2, Duration.ofMillis(1)));
        pool.markUp("b0", "status 200");
        assertTrue(balancer.awaitReady(2, Duration.ZERO));
    }

    @Test
    void aSecondMonitorIsRefusedAndLeavesNothingBehind() {
        EventLog log = new EventLog();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        BackendPool pool = poolOf(1);
        try (LoadBalancer first = LoadBalancer.over(pool)
                .probe(HealthProbe.tcp())
                .schedule(ProbeSchedule.defaults())
                .build()) {
            LoadBalancerBuilder second =
                    LoadBalancer.over(pool).probe(HealthProbe.tcp()).listener(log);

            assertThrows(IllegalStateException.class, second::build);

            assertSame(pool, first.pool());
            pool.add(backend(3));
            log.assertEvents();
        }
        io.evenkeel.testing.Await.until(
                "all threads are gone",
                () -> before.containsAll(Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().startsWith("evenkeel-"))
                        .toList()));
    }

    @Test
    void backendsAndAPoolTogetherAreRefused() {
        assertThrows(
                IllegalStateException.class, () -> LoadBalancer.over(poolOf(1)).backends(backend(7)));
    }

    @Test
    void roundRobinIsTheDefaultAndAnotherStrategyMayBeChosen() throws NoBackendException {
        LoadBalancer balancer = LoadBalancer.over(poolOf(4))
                .strategy(SelectionStrategy.maglev())
                .build();

        Set<String> ids = new java.util.HashSet<>();
        for (int i = 0; i < 20; i++) {
            ids.add(balancer.pick(PickContext.keyed(99)).backend().id());
        }

        assertEquals(1, ids.size());
    }

    private static String pickOnce(LoadBalancer balancer) throws NoBackendException {
        try (Pick pick = balancer.pick()) {
            return pick.backend().id();
        }
    }

    private static Set<String> pickMany(LoadBalancer balancer) throws NoBackendException {
        List<String> ids = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.add(pickOnce(balancer));
        }
        return ids.stream().collect(Collectors.toSet());
    }

    @Test
    void aClosedBalancerRefusesAndItsOpenPicksMayStillEnd() throws Exception {
        BackendPool pool = poolOf(2);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        Pick open = balancer.pick();

        balancer.close();
        pool.add(backend(7)); // a change that it is not told of any more

        NoBackendException refusal = assertThrows(NoBackendException.class, balancer::pick);
        assertEquals("the load balancer of pool \"test\" is closed", refusal.getMessage());
        assertFalse(balancer.awaitReady(Duration.ofSeconds(20)));
        assertTrue(open.report(Outcome.SUCCESS));
        assertEquals(Set.of("b0", "b1", "b7"), pickMany(LoadBalancer.over(pool).build()));
    }

    @Test
    void aRefusalCarriesNoStackSinceAnOutageMakesOneForEachRequest() {
        LoadBalancer balancer = LoadBalancer.over(poolOf(0)).build();

        NoBackendException refusal = assertThrows(NoBackendException.class, balancer::pick);

        assertEquals(0, refusal.getStackTrace().length);
    }

    @Test
    void aBuilderBuildsOnce() {
        LoadBalancerBuilder builder = LoadBalancer.builder("web").backends(backends(1));
        LoadBalancer first = builder.build();

        IllegalStateException refusal = assertThrows(IllegalStateException.class, builder::build);

        assertEquals("build: \"web\" was built already (expected: a builder for each balancer)", refusal.getMessage());
        first.close();
    }

    @Test
    void anErrorWhileBuildingLeavesNothingBehind() {
        BackendPool pool = poolOf(1);
        LoadBalancerBuilder broken = LoadBalancer.over(pool)
                .probe(HealthProbe.tcp())
                .strategy(new SelectionStrategy() {
                    @Override
                    public Selector selectorFor(PoolSnapshot snapshot) {
                        return context -> null;
                    }

                    @Override
                    public boolean mayBlock() {
                        throw new NoClassDefFoundError("on purpose");
                    }
                });

        assertThrows(NoClassDefFoundError.class, broken::build);

        pool.beginProbing(); // refused if its monitor were still there
        assertEquals(0, pool.snapshot().selectable().size());
    }

    @Test
    void aTimeWithoutEndMayBeWaited() throws InterruptedException {
        LoadBalancer balancer = LoadBalancer.over(poolOf(1)).build();

        assertTrue(balancer.awaitReady(Duration.ofSeconds(Long.MAX_VALUE)));
    }
}
