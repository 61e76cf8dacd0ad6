package io.evenkeel.availability;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.availability.MaintenanceProgress.State;
import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.SlowStart;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The turns of members, where everything goes as it should or an operator has a word. */
@Tag("membership")
class RollingMaintenanceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final MaintenancePolicy POLICY = MaintenancePolicy.defaults();

    private final VirtualTime time = new VirtualTime();
    private final Works works = new Works();
    private final List<String> heard = new ArrayList<>();
    private final BackendPool pool = poolOf(4, SlowStart.off());

    private BackendPool poolOf(int count, SlowStart slowStart) {
        BackendPool made = BackendPool.builder("test")
                .backends(AvailabilitySet.of(3, 2).place(backends(count)))
                .slowStart(slowStart)
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run)
                .build();
        made.beginProbing();
        made.snapshot().members().forEach(m -> made.markUp(m.backend().id(), "answered"));
        return made;
    }

    private RollingMaintenance start(BackendPool over, MaintenancePolicy policy) {
        RollingMaintenance maintenance = RollingMaintenance.start(
                over, policy, works, progress -> heard.add(progress.toString()), time, works.workers());
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

    private void markUp(String... ids) {
        for (String id : ids) {
            pool.markUp(id, "answered");
        }
        settle();
    }

    @Test
    @DisplayName("3. maintenance takes one update domain after the other: drain, action, well again, next")
    void walksOneUpdateDomainAfterTheOther() {
        RollingMaintenance maintenance = start(pool, POLICY);
        assertEquals(Set.of("b1", "b3"), selectable(pool.snapshot()));

        finishWork();
        assertEquals(Set.of("b1", "b3"), selectable(pool.snapshot()));
        markUp("b0");
        assertEquals(Set.of("b0", "b1", "b3"), selectable(pool.snapshot()));
        markUp("b2");
        assertEquals(Set.of("b0", "b2"), selectable(pool.snapshot()));

        finishWork();
        markUp("b1", "b3");
        assertEquals(State.DONE, maintenance.end().toCompletableFuture().join().state());
        assertEquals(Set.of("b0", "b1", "b2", "b3"), selectable(pool.snapshot()));
        assertEquals(List.of("b0", "b2", "b1", "b3"), works.done());
    }

    @Test
    void aListenerHearsOfEachStep() {
        start(pool, POLICY);
        finishWork();
        markUp("b0", "b2");
        finishWork();
        markUp("b1");
        markUp("b3");

        assertEquals(
                List.of(
                        "RUNNING 0/4: b0 DRAINING, b2 DRAINING",
                        "RUNNING 0/4: b0 WORKING, b2 WORKING",
                        "RUNNING 0/4: b0 RETURNING, b2 RETURNING",
                        "RUNNING 2/4: b1 DRAINING, b3 DRAINING",
                        "RUNNING 2/4: b1 WORKING, b3 WORKING",
                        "RUNNING 2/4: b1 RETURNING, b3 RETURNING",
                        "RUNNING 3/4: b3 RETURNING",
                        "DONE 4/4"),
                heard);
    }

    @Test
    void theActionWaitsForOpenPicks() {
        Pick open = member(pool, "b0").pick();
        start(pool, POLICY);
        assertEquals(1, works.open());

        open.report(Outcome.SUCCESS);
        settle();

        assertEquals(2, works.open());
    }

    @Test
    void openPicksAreWaitedForUntilTheirTimeoutAndThenCounted() {
        member(pool, "b0").pick();
        RollingMaintenance maintenance = start(pool, POLICY.withDrainTimeout(MINUTE));

        time.advance(MINUTE);

        assertEquals(2, works.open());
        assertEquals("1 picks were open", maintenance.progress().steps().get(0).reason());
    }

    @Test
    void aMemberIsWellOnlyByAProbeAfterItsAction() {
        start(pool, POLICY);
        markUp("b0", "b2"); // probes of a member that drains, before the action

        finishWork();

        assertEquals(BackendState.UNPROBED, member(pool, "b0").state());
    }

    @Test
    @DisplayName("3. the next update domain waits for the end of slow start")
    void theNextDomainWaitsForTheEndOfSlowStart() {
        BackendPool slow = poolOf(4, SlowStart.over(MINUTE));
        time.advance(MINUTE);
        start(slow, POLICY);
        finishWork();

        slow.markUp("b0", "answered");
        slow.markUp("b2", "answered");
        time.advance(MINUTE.minusSeconds(1));
        assertEquals(Set.of("b0", "b1", "b2", "b3"), selectable(slow.snapshot()));

        time.advance(Duration.ofSeconds(1));
        assertEquals(Set.of("b0", "b2"), selectable(slow.snapshot()));
    }

    @Test
    void withoutAProbeAMemberIsWellWhenItsActionHasEnded() {
        pool.endProbing();
        RollingMaintenance maintenance = start(pool, POLICY);

        finishWork();
        finishWork();

        assertEquals(State.DONE, maintenance.progress().state());
    }

    @Test
    void membersOfUnknownDomainsGoOneByOne() {
        BackendPool plain = BackendPool.builder("plain")
                .backends(backends(3))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        start(plain, POLICY);

        assertEquals(Set.of("b1", "b2"), selectable(plain.snapshot()));
    }

    @Test
    @DisplayName("3. no more of an update domain are drained at once than leaves the minimum")
    void aDomainGoesInPartsWhereTheMinimumWantsIt() {
        RollingMaintenance maintenance = start(pool, POLICY.withMinAvailable(3));
        for (String id : List.of("b0", "b2", "b1", "b3")) {
            assertEquals(3, selectable(pool.snapshot()).size());
            finishWork();
            markUp(id);
        }

        assertEquals(List.of("b0", "b2", "b1", "b3"), works.done());
        assertEquals(State.DONE, maintenance.progress().state());
    }

    @Test
    void membersThatAreDownAlreadyCountAgainstTheMinimum() {
        pool.markDown("b1", "refused");
        pool.markDown("b2", "refused");

        start(pool, POLICY);

        assertEquals(Set.of("b3"), selectable(pool.snapshot()));
        assertEquals(BackendState.DRAINING, member(pool, "b0").state());
        assertEquals(BackendState.DRAINING, member(pool, "b2").state(), "it takes nothing away");
    }

    @Test
    @DisplayName("3. the last member that is well is never drained")
    void theLastWellMemberIsNeverDrained() {
        List.of("b1", "b2", "b3").forEach(id -> pool.markDown(id, "refused"));

        start(pool, POLICY);
        finishWork();

        assertEquals(Set.of("b0"), selectable(pool.snapshot()));
        assertFalse(works.done().contains("b0"));
    }

    @Test
    void aPoolThatCouldNeverSpareAMemberIsRefused() {
        assertEquals(
                "minAvailable: 4 (expected: less than the 4 members of pool \"test\")",
                assertThrows(IllegalArgumentException.class, () -> start(pool, POLICY.withMinAvailable(4)))
                        .getMessage());
    }

    @Test
    void membersThatAnOperatorKeepsOutArePassedOverAndStayOut() {
        pool.drain("b0", MINUTE);
        pool.setAdminState("b2", AdminState.DOWN);

        RollingMaintenance maintenance = start(pool, POLICY);
        finishWork();
        markUp("b1");
        finishWork();
        markUp("b3");

        assertEquals(List.of("b1", "b3"), works.done());
        assertEquals(State.DONE, maintenance.progress().state());
        assertEquals(BackendState.DRAINING, member(pool, "b0").state());
        assertEquals(BackendState.DOWN, member(pool, "b2").state());
    }

    @Test
    void membersThatLeaveArePassedOverAndNewcomersHaveNoTurn() {
        Pick open = member(pool, "b0").pick();
        RollingMaintenance maintenance = start(pool, POLICY);

        pool.remove("b0"); // while it drains
        pool.remove("b1"); // while it waits
        pool.add(backend(9));
        markUp("b9");
        works.finish();
        pool.remove("b2"); // when its action has just ended
        settle();
        finishWork();
        markUp("b3");

        assertEquals(State.DONE, maintenance.progress().state());
        assertEquals(List.of("b2", "b3"), works.done());
        assertEquals(0, member(pool, "b9").load().picks());
        open.close();
    }

    @Test
    void aDrainThatSomebodyElseEndsIsNotFollowedByTheAction() {
        member(pool, "b0").pick();
        RollingMaintenance maintenance = start(pool, POLICY);

        pool.resume("b0");
        settle();

        assertEquals(
                "somebody has ended its drain",
                maintenance.progress().steps().get(0).reason());
        assertEquals(1, works.open());
    }

    @Test
    void whatAListenerThrowsIsCountedAndChangesNothing() {
        RollingMaintenance maintenance = RollingMaintenance.start(
                pool,
                POLICY,
                works,
                progress -> {
                    throw new IllegalStateException("on purpose");
                },
                time,
                works.workers());
        settle();
        finishWork();

        assertEquals(
                "RUNNING 0/4: b0 RETURNING, b2 RETURNING",
                maintenance.progress().toString());
        assertTrue(pool.faults().count() > 0);
    }

    @Test
    void anActionHasAThreadOfItsOwnToBlock() {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        List<String> threads = new CopyOnWriteArrayList<>();
        CountDownLatch together = new CountDownLatch(2);
        BackendPool real = BackendPool.builder("real")
                .backends(AvailabilitySet.of(3, 2).place(backends(4)))
                .build();

        RollingMaintenance maintenance = RollingMaintenance.start(
                real,
                POLICY,
                backend -> {
                    threads.add(Thread.currentThread().getName());
                    together.countDown();
                    together.await(); // both of a domain are at work at the same time
                },
                progress -> {},
                scheduler);
        Await.until("it is done", () -> maintenance.progress().state() == State.DONE);

        assertEquals(Set.of("evenkeel-maintenance-real"), Set.copyOf(threads));
        real.close();
        scheduler.shutdown();
    }
}
