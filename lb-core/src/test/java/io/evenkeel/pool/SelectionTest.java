package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.AdminState;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Panic, slow start, and what happens without anybody: the rules that look at more than one member. */
@Tag("health")
class SelectionTest {
    private final VirtualTime time = new VirtualTime();

    private BackendPoolBuilder pool(int members) {
        return BackendPool.builder("test")
                .backends(backends(members))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run);
    }

    private static void down(BackendPool pool, int... numbers) {
        for (int number : numbers) {
            pool.markDown("b" + number, "refused");
        }
    }

    @Test
    void withoutPanicNobodyIllIsChosen() {
        BackendPool pool = pool(3).build();

        down(pool, 0, 1, 2);

        assertEquals(Set.of(), selectable(pool.snapshot()));
        assertFalse(pool.snapshot().isPanicking());
    }

    @Test
    void tryAllChoosesFromAllWhenNobodyIsWell() {
        BackendPool pool = pool(3).whenNoneHealthy(WhenNoneHealthy.TRY_ALL).build();

        down(pool, 0, 1);
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));

        down(pool, 2);
        assertEquals(Set.of("b0", "b1", "b2"), selectable(pool.snapshot()));
        assertTrue(pool.snapshot().isPanicking());
    }

    @Test
    void belowTheThresholdAllAreChosenFromAndItIsTold() {
        List<Boolean> told = new ArrayList<>();
        BackendPool pool = pool(4).panicThreshold(50).build();
        pool.listen(new LoadBalancerListener() {
            @Override
            public void panicChanged(String name, boolean isPanicking) {
                told.add(isPanicking);
            }
        });

        down(pool, 0, 1);
        assertEquals(Set.of("b2", "b3"), selectable(pool.snapshot()));

        down(pool, 2);
        assertEquals(4, pool.snapshot().selectable().size());

        pool.markUp("b0", "status 200");
        assertEquals(Set.of("b0", "b3"), selectable(pool.snapshot()));
        assertEquals(List.of(true, false), told);
    }

    @Test
    void inPanicNobodyIsTriedWhomAnOperatorTookOutOrWhoNeverPassedAProbe() {
        BackendPool pool = pool(4).whenNoneHealthy(WhenNoneHealthy.TRY_ALL).build();
        pool.beginProbing();
        assertEquals(Set.of(), selectable(pool.snapshot()));

        down(pool, 0, 1, 2);
        pool.setAdminState("b0", AdminState.DOWN);
        pool.drain("b1", Duration.ofMinutes(1));

        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
    }

    @Test
    void anOptimisticPoolServesBeforeItsFirstProbe() {
        BackendPool pool = pool(2).optimistic().build();

        pool.beginProbing();

        assertEquals(Set.of("b0", "b1"), selectable(pool.snapshot()));
        down(pool, 0);
        assertEquals(Set.of("b1"), selectable(pool.snapshot()));
    }

    @Test
    void aNewcomerInARunningPoolReachesItsShareInSteps() {
        BackendPool pool =
                pool(2).slowStart(SlowStart.over(Duration.ofSeconds(100))).build();
        time.advance(Duration.ofSeconds(100));

        pool.add(backend(2));

        assertEquals(List.of(10_000, 10_000, 1_000), weights(pool));
        time.advance(Duration.ofSeconds(50));
        assertEquals(List.of(10_000, 10_000, 5_000), weights(pool));
        time.advance(Duration.ofSeconds(50));
        assertEquals(List.of(100, 100, 100), weights(pool));
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void slowStartRunsAgainAfterRecoveryAndIsSkippedByANewPool() {
        BackendPool pool =
                pool(2).slowStart(SlowStart.over(Duration.ofSeconds(100))).build();
        assertEquals(List.of(100, 100), weights(pool));
        down(pool, 0);
        pool.markUp("b0", "status 200");
        assertEquals(List.of(100, 100), weights(pool)); // a pool that is still new itself

        time.advance(Duration.ofSeconds(100));
        down(pool, 0);
        pool.markUp("b0", "status 200");
        assertEquals(List.of(1_000, 10_000), weights(pool));
    }

    @Test
    void afterATotalOutageNobodyStartsSlowly() {
        BackendPool pool =
                pool(2).slowStart(SlowStart.over(Duration.ofSeconds(100))).build();
        time.advance(Duration.ofSeconds(100));
        down(pool, 0, 1);

        pool.markUp("b0", "status 200");
        pool.markUp("b1", "status 200");

        assertEquals(List.of(100, 100), weights(pool));
    }

    @Test
    void theCurveIsThatOfTheFormula() {
        SlowStart line = SlowStart.over(Duration.ofSeconds(100));
        assertEquals(10, line.percentAfter(0));
        assertEquals(37, line.percentAfter(Duration.ofSeconds(37).toNanos()));
        assertEquals(100, line.percentAfter(Duration.ofSeconds(500).toNanos()));
        // 0.25^(1/2)
        assertEquals(
                50, line.withAggression(2).percentAfter(Duration.ofSeconds(25).toNanos()));
        assertEquals(30, line.withFloorPercent(30).percentAfter(0));
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        SlowStart slowStart = SlowStart.off();
        assertAll(
                refused("window: PT-1S (expected: >= 0)", () -> SlowStart.over(Duration.ofSeconds(-1))),
                refused("aggression: 0.0 (expected: > 0 and < 1000000)", () -> slowStart.withAggression(0)),
                refused("floorPercent: 0 (expected: 1 to 100)", () -> slowStart.withFloorPercent(0)),
                refused(
                        "panicThreshold: 101 (expected: 0 to 100)",
                        () -> pool(1).panicThreshold(101).build()));
    }

    private static Executable refused(String message, Executable action) {
        return () -> assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    private static List<Integer> weights(BackendPool pool) {
        return pool.snapshot().selectable().stream().map(Member::weight).toList();
    }
}
