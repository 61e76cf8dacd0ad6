package io.evenkeel.availability;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.availability.MaintenanceProgress.Phase;
import io.evenkeel.availability.MaintenanceProgress.State;
import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maintenance that is aborted, fails, or finds nobody to spare; and goes on. */
@Tag("membership")
class MaintenanceStopTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final MaintenancePolicy POLICY = MaintenancePolicy.defaults().withHealthyTimeout(MINUTE);
    private static final Set<String> ALL = Set.of("b0", "b1", "b2", "b3");

    private final VirtualTime time = new VirtualTime();
    private final Works works = new Works();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(AvailabilitySet.of(3, 2).place(backends(4)))
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();

    /** From now on members come back when the test says so; until then, by themselves. */
    private void probe() {
        pool.beginProbing();
        ALL.forEach(id -> pool.markUp(id, "answered"));
    }

    private RollingMaintenance start(MaintenancePolicy policy) {
        RollingMaintenance maintenance =
                RollingMaintenance.start(pool, policy, works, progress -> {}, time, works.workers());
        settle();
        return maintenance;
    }

    private void settle() {
        time.advance(Duration.ZERO);
    }

    private void finishWork() {
        works.finish();
        settle();
    }

    private void assertEnds(RollingMaintenance maintenance) {
        for (int i = 0; i < 3; i++) {
            finishWork();
        }
        assertEquals(State.DONE, maintenance.end().toCompletableFuture().join().state());
        assertEquals(ALL, selectable(pool.snapshot()));
    }

    @Test
    @DisplayName("3. maintenance that is aborted while a member drains gives it back, and can be resumed")
    void abortedWhileDraining() {
        member(pool, "b0").pick();
        member(pool, "b2").pick();
        RollingMaintenance maintenance = start(POLICY.withDrainTimeout(MINUTE));

        maintenance.abort();
        settle();
        assertEquals("ABORTED 0/4 (aborted)", maintenance.progress().toString());
        assertEquals(ALL, selectable(pool.snapshot()));

        maintenance.resume();
        assertFalse(maintenance.end().toCompletableFuture().isDone());
        time.advance(MINUTE);
        assertEnds(maintenance);
        assertEquals(List.of("b0", "b2", "b1", "b3"), works.done());
    }

    @Test
    void abortedWhileTheActionIsAtWorkItIsSeenThrough() {
        RollingMaintenance maintenance = start(POLICY);

        maintenance.abort();
        settle();
        assertEquals(
                "STOPPING 0/4: b0 WORKING, b2 WORKING (aborted)",
                maintenance.progress().toString());
        finishWork();
        assertEquals("ABORTED 2/4 (aborted)", maintenance.progress().toString());
        assertEquals(ALL, selectable(pool.snapshot()));

        maintenance.resume();
        settle();
        assertEnds(maintenance);
        assertEquals(List.of("b0", "b2", "b1", "b3"), works.done());
    }

    @Test
    void abortedWhileAMemberReturnsItIsWaitedFor() {
        probe();
        RollingMaintenance maintenance = start(POLICY);
        finishWork();
        pool.markUp("b2", "answered");

        maintenance.abort();
        settle();
        assertEquals(
                "STOPPING 1/4: b0 RETURNING (aborted)", maintenance.progress().toString());
        pool.markUp("b0", "answered");
        settle();
        assertEquals("ABORTED 2/4 (aborted)", maintenance.progress().toString());
    }

    @Test
    void abortedBetweenTwoTurnsNobodyElseHasOne() {
        List.of("b1", "b3").forEach(id -> pool.markDown(id, "refused"));
        RollingMaintenance maintenance = start(POLICY.withMinAvailable(2));

        maintenance.abort();
        settle();

        assertEquals("ABORTED 0/4 (aborted)", maintenance.progress().toString());
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void abortedBeforeItsFirstTurnItDoesNothing() {
        RollingMaintenance maintenance =
                RollingMaintenance.start(pool, POLICY, works, progress -> {}, time, works.workers());

        maintenance.abort();
        settle();

        assertEquals(
                State.ABORTED, maintenance.end().toCompletableFuture().join().state());
        assertEquals(ALL, selectable(pool.snapshot()));
    }

    @Test
    void resumedAndAbortedAtOnceItStillEnds() {
        RollingMaintenance maintenance = start(POLICY);
        maintenance.abort();
        finishWork();

        maintenance.resume();
        CompletableFuture<MaintenanceProgress> end = maintenance.end().toCompletableFuture();
        maintenance.abort();
        settle();

        assertEquals(State.ABORTED, end.join().state());
    }

    @Test
    void abortAndResumeAfterTheEndHaveNoEffect() {
        RollingMaintenance maintenance = start(POLICY);
        assertEnds(maintenance);

        maintenance.abort();
        maintenance.resume();
        settle();

        assertEquals("DONE 4/4", maintenance.progress().toString());
        assertTrue(maintenance.end().toCompletableFuture().isDone());
    }

    @Test
    @DisplayName("3. a member whose action fails stays drained, nobody else has a turn, and a resume does it again")
    void aMemberWhoseActionFailsStaysDrained() {
        works.failFor("b2");
        RollingMaintenance maintenance = start(POLICY);
        finishWork();

        assertEquals(
                "FAILED 1/4: b2 FAILED (b2: the action failed: java.io.IOException: on purpose)",
                maintenance.end().toCompletableFuture().join().toString());
        assertEquals(Set.of("b0", "b1", "b3"), selectable(pool.snapshot()));
        assertEquals(BackendState.DRAINING, member(pool, "b2").state());

        works.succeedFor("b2");
        maintenance.resume();
        settle();
        assertEnds(maintenance);
        assertEquals(List.of("b0", "b2", "b2", "b1", "b3"), works.done());
    }

    @Test
    void aFailureGivesBackWhoIsOnlyDraining() {
        member(pool, "b2").pick();
        works.failFor("b0");
        RollingMaintenance maintenance = start(POLICY);

        finishWork();

        assertEquals(State.FAILED, maintenance.progress().state());
        assertEquals(Set.of("b1", "b2", "b3"), selectable(pool.snapshot()));
    }

    @Test
    @DisplayName(
            "3. a member that does not come back stops the maintenance, and is waited for again when it is resumed")
    void aMemberThatNeverComesBackStopsTheMaintenance() {
        probe();
        RollingMaintenance maintenance = start(POLICY);
        finishWork();
        pool.markUp("b2", "answered");
        pool.markDown("b0", "refused");

        time.advance(MINUTE);
        assertEquals(
                "FAILED 1/4: b0 FAILED (b0: not well after PT1M: DOWN (refused))",
                maintenance.end().toCompletableFuture().join().toString());
        assertEquals(Set.of("b1", "b2", "b3"), selectable(pool.snapshot()));

        maintenance.resume();
        settle();
        assertEquals("RUNNING 1/4: b0 RETURNING", maintenance.progress().toString());
        pool.markUp("b0", "answered");
        settle();
        assertEquals(List.of("b0", "b2"), works.done());
        assertEquals(2, works.open(), "those of the next domain");
    }

    @Test
    void nobodyToSpareIsWaitedForAndThenGivenUp() {
        List.of("b1", "b3").forEach(id -> pool.markDown(id, "refused"));
        RollingMaintenance maintenance = start(POLICY.withMinAvailable(2));
        time.advance(MINUTE.minusNanos(1));
        assertEquals("RUNNING 0/4", maintenance.progress().toString());

        time.advance(Duration.ofNanos(1));
        assertEquals(
                "FAILED 0/4 (no member could be spared (minAvailable: 2))",
                maintenance.progress().toString());

        pool.markUp("b1", "answered");
        maintenance.resume();
        settle();
        assertEquals(Phase.WORKING, maintenance.progress().steps().get(0).phase());
    }

    @Test
    void oneWhoCanBeSparedLaterHasItsTurnThen() {
        List.of("b1", "b3").forEach(id -> pool.markDown(id, "refused"));
        start(POLICY.withMinAvailable(2));

        pool.markUp("b1", "answered");
        settle();

        assertEquals(1, works.open());
    }

    @Test
    @DisplayName("3. a member that is only draining is given back when others go down")
    void aDrainingMemberIsGivenBackWhenOthersGoDown() {
        member(pool, "b0").pick();
        RollingMaintenance maintenance = start(POLICY.withMinAvailable(2));
        assertEquals(Set.of("b1", "b3"), selectable(pool.snapshot()));

        pool.markDown("b3", "refused");
        settle();

        assertEquals(Set.of("b0", "b1"), selectable(pool.snapshot()));
        assertEquals(Phase.WAITING, maintenance.progress().steps().get(0).phase());
    }

    @Test
    void aMaintenanceThatHasEndedLeavesNoTask() {
        RollingMaintenance maintenance = start(POLICY);

        assertEnds(maintenance);

        assertEquals(0, time.pendingTasks());
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        assertEquals(
                "minAvailable: 0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> POLICY.withMinAvailable(0))
                        .getMessage());
        assertEquals(
                "drainTimeout: PT-1S (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> POLICY.withDrainTimeout(Duration.ofSeconds(-1)))
                        .getMessage());
        assertEquals(
                "healthyTimeout: PT0S (expected: > 0)",
                assertThrows(IllegalArgumentException.class, () -> POLICY.withHealthyTimeout(Duration.ZERO))
                        .getMessage());
    }

    @Test
    @DisplayName("3. maintenance that is aborted at the moment in which a member has become empty begins no action")
    void abortedWhenAMemberHasJustBecomeEmpty() {
        Pick open = member(pool, "b0").pick();
        Pick other = member(pool, "b2").pick();
        RollingMaintenance maintenance = start(POLICY);

        open.close();
        other.close();
        maintenance.abort(); // before anybody has looked at it
        settle();

        assertEquals(0, works.open());
        assertEquals("ABORTED 0/4 (aborted)", maintenance.progress().toString());
        assertEquals(ALL, selectable(pool.snapshot()));
    }

    @Test
    void timesWithoutEndAreLegal() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        Pick open = member(pool, "b0").pick();
        RollingMaintenance maintenance = start(POLICY.withDrainTimeout(forever).withHealthyTimeout(forever));
        time.advance(Duration.ofDays(1));
        assertEquals(
                "RUNNING 0/4: b0 DRAINING, b2 WORKING", maintenance.progress().toString());

        open.close();
        settle();

        assertEnds(maintenance);
    }
}
