package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that are restarted, and drains that must leave somebody. */
@Tag("membership")
class RenewalTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime();
    private final EventLog log = new EventLog();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(3))
            .slowStart(SlowStart.over(MINUTE))
            .scheduler(time)
            .nanoClock(time::nanoTime)
            .listenerExecutor(Runnable::run)
            .build();

    @Test
    void aRenewedMemberKeepsItsPlaceAndForgetsItsLoad() {
        Pick open = member(pool, "b1").pick();

        pool.renew("b1");
        open.report(Outcome.FAILURE);

        assertEquals("b1", pool.snapshot().members().get(1).backend().id());
        assertEquals(0, member(pool, "b1").load().picks());
        assertEquals(0, member(pool, "b1").load().failures());
    }

    @Test
    void aRenewedMemberOfAProbedPoolWaitsForItsNextGoodProbe() {
        ScriptedProbe probe = new ScriptedProbe()
                .forBackend("b0", "up")
                .forBackend("b1", "up")
                .forBackend("b2", "up");
        HealthMonitor monitor = HealthMonitor.start(
                pool, probe, ProbeSchedule.defaults(), time, new SplittableRandom(1), time::nanoTime);
        time.advance(MINUTE);
        pool.drain("b1", MINUTE);
        probe.forBackend("b1", "down", "up");
        pool.listen(log);

        pool.renew("b1");
        assertEquals(BackendState.UNPROBED, member(pool, "b1").state());
        time.advance(MINUTE);

        log.assertEvents("b1 DRAINING -> UNPROBED (no probe so far)", "b1 UNPROBED -> UP (answered)");
        monitor.close();
    }

    @Test
    void slowStartOfARenewedMemberBeginsAgain() {
        time.advance(MINUTE);
        pool.drain("b1", MINUTE);

        pool.renew("b1");
        assertTrue(member(pool, "b1").isRamping());
        time.advance(MINUTE);

        assertFalse(member(pool, "b1").isRamping());
    }

    @Test
    void slowStartBeginsAgainAlsoWithoutADrain() {
        time.advance(MINUTE);

        pool.renew("b1");

        assertTrue(member(pool, "b1").isRamping());
        assertFalse(member(pool, "b0").isRamping());
    }

    @Test
    void anAdminStateOutlivesARenewal() {
        pool.setAdminState("b1", AdminState.DOWN);

        pool.renew("b1");

        assertEquals(BackendState.DOWN, member(pool, "b1").state());
        assertTrue(member(pool, "b1").isTakenOut());
    }

    @Test
    void aRenewalEndsTheDrain() {
        member(pool, "b1").pick();
        CompletableFuture<Boolean> empty = pool.drain("b1", MINUTE).toCompletableFuture();
        assertTrue(member(pool, "b1").isTakenOut());

        pool.renew("b1");
        time.advance(Duration.ZERO);

        assertFalse(empty.join());
        assertFalse(member(pool, "b1").isTakenOut());
    }

    @Test
    @DisplayName("3. the last member that is well is not drained where one must be left")
    void theLastWellMemberIsNotDrained() {
        assertTrue(pool.drain("b0", MINUTE, 1).isPresent());
        pool.markDown("b1", "refused");

        assertTrue(pool.drain("b2", MINUTE, 1).isEmpty());
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
        assertTrue(pool.drain("b1", MINUTE, 1).isPresent(), "one that is not well takes nothing away");
    }

    @Test
    void aDrainThatIsUnderWayIsNotRefused() {
        member(pool, "b0").pick();
        pool.drain("b0", MINUTE);

        assertTrue(pool.drain("b0", MINUTE, 3).isPresent());
    }

    @Test
    void unknownIdsAndBadNumbersAreRefused() {
        assertEquals(
                "backend: \"vm9\" (expected: an id that is in pool \"test\")",
                assertThrows(IllegalArgumentException.class, () -> pool.renew("vm9"))
                        .getMessage());
        assertEquals(
                "minLeft: -1 (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> pool.drain("b0", MINUTE, -1))
                        .getMessage());
    }
}
