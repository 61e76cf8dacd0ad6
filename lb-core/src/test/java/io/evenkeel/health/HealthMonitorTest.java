package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class HealthMonitorTest {
    private final VirtualTime time = new VirtualTime();
    private final ScriptedProbe probe = new ScriptedProbe();
    private final EventLog log = new EventLog();
    private final ProbeSchedule schedule = ProbeSchedule.defaults().withJitter(0);
    private BackendPool pool;
    private HealthMonitor monitor;

    private void monitor(int members) {
        pool = BackendPool.builder("test")
                .backends(backends(members))
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run)
                .build();
        monitor = HealthMonitor.start(pool, probe, schedule, time, new SplittableRandom(1), time::nanoTime);
        pool.listen(log);
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void twoFailedProbesTakeAMemberOutAndOneGoodOneBringsItBack() {
        probe.forBackend("b0", "up", "down", "down", "down", "up");
        monitor(1);

        time.advance(Duration.ofSeconds(1)); // the first probe is due within a second
        log.assertEvents("b0 UNPROBED -> UP (answered)");
        time.advance(Duration.ofSeconds(15));
        log.assertEvents();
        time.advance(Duration.ofSeconds(15));
        log.assertEvents("b0 UP -> DOWN (2 failed probes: refused)");
        time.advance(Duration.ofSeconds(30));
        log.assertEvents("b0 DOWN -> UP (answered)");
    }

    @Test
    void aMemberThatFlapsSaysHowManyGoodProbesItNeeds() {
        probe.forBackend("b0", "up", "down", "down", "up", "down", "down", "up", "up", "down", "down", "up");
        monitor(1);

        time.advance(Duration.ofMinutes(3));

        log.assertEvents(
                "b0 UNPROBED -> UP (answered)",
                "b0 UP -> DOWN (2 failed probes: refused)",
                "b0 DOWN -> UP (answered)",
                "b0 UP -> DOWN (2 failed probes: refused; back after 2 good ones in a row)",
                "b0 DOWN -> UP (answered)",
                "b0 UP -> DOWN (2 failed probes: refused; back after 4 good ones in a row)");
    }

    @Test
    void aProbeThatDoesNotAnswerFailsInTimeAndIsCancelled() {
        probe.forBackend("b0", "up", "hang");
        monitor(1);

        time.advance(Duration.ofSeconds(1 + 15 + 15 + 5));

        log.assertEvents("b0 UNPROBED -> UP (answered)", "b0 UP -> DOWN (2 failed probes: no answer within PT5S)");
        assertTrue(probe.hanging().get(0).isCancelled());
    }

    @Test
    void aProbeThatThrowsIsAFailedProbeAndProbingGoesOn() {
        probe.forBackend("b0", "throw", "throw", "up");
        monitor(1);

        time.advance(Duration.ofSeconds(1 + 15 + 15));

        log.assertEvents("b0 UNPROBED -> DOWN (2 failed probes: on purpose)", "b0 DOWN -> UP (answered)");
        assertEquals(2, pool.faults().count());
    }

    @Test
    void aProbeThatAnswersNothingIsAFailedProbe() {
        probe.forBackend("b0", "null", "null", "up");
        monitor(1);

        time.advance(Duration.ofSeconds(1 + 15 + 15));

        log.assertEvents("b0 UNPROBED -> DOWN (2 failed probes: no result)", "b0 DOWN -> UP (answered)");
    }

    @Test
    void aMemberWhoseTrafficFindsNobodyIsProbedAtOnceButNotMoreThanOnceASecond() {
        probe.forBackend("b0", "up", "down");
        monitor(1);
        time.advance(Duration.ofSeconds(3));
        assertEquals(Set.of("b0"), selectable(pool.snapshot()));
        assertEquals(1, probe.asked("b0"));

        failUnanswered(100);
        time.advance(Duration.ofMillis(20));
        assertEquals(2, probe.asked("b0"));
        failUnanswered(100);
        time.advance(Duration.ofMillis(900));
        assertEquals(2, probe.asked("b0"));
        time.advance(Duration.ofMillis(100));

        assertEquals(3, probe.asked("b0"));
        assertEquals(Set.of(), selectable(pool.snapshot()));
    }

    @Test
    void anAnswerThatIsAFailureBringsNoProbe() {
        probe.forBackend("b0", "up");
        monitor(1);
        time.advance(Duration.ofSeconds(3));
        int asked = probe.asked("b0");

        Pick pick = pool.snapshot().members().get(0).pick();
        pick.responded();
        pick.report(Outcome.FAILURE);
        time.advance(Duration.ofMillis(20));

        assertEquals(asked, probe.asked("b0"));
    }

    private void failUnanswered(int picks) {
        for (int i = 0; i < picks; i++) {
            pool.snapshot().members().get(0).pick().report(Outcome.FAILURE);
        }
    }

    @Test
    void aNewcomerIsProbedWithinASecondAndALeaverNoMore() {
        probe.forBackend("b0", "up").forBackend("b1", "up");
        monitor(1);
        time.advance(Duration.ofMinutes(1));

        pool.replace(List.of(backend(1)));
        int asked = probe.asked("b0");
        time.advance(Duration.ofSeconds(1));

        assertEquals(Set.of("b1"), selectable(pool.snapshot()));
        time.advance(Duration.ofMinutes(5));
        assertEquals(asked, probe.asked("b0"));
    }

    @Test
    void anotherAddressUnderAKnownIdMustProveItselfAgain() {
        probe.forBackend("b0", "up");
        monitor(1);
        time.advance(Duration.ofSeconds(1));

        pool.replace(List.of(Backend.of("b0", "10.9.9.9", 80)));
        assertEquals(Set.of(), selectable(pool.snapshot()));

        time.advance(Duration.ofSeconds(1));
        assertEquals(Set.of("b0"), selectable(pool.snapshot()));
    }

    @Test
    void aMemberIsProbedOnForEverAtTheInterval() {
        probe.forBackend("b0", "down");
        monitor(1);

        time.advance(Duration.ofHours(1));

        assertEquals(3600 / 15, probe.asked("b0"), 1);
    }

    @Test
    void theMembersOfANewPoolAreNotAskedAtTheSameMoment() {
        for (int i = 0; i < 50; i++) {
            probe.forBackend("b" + i, "up");
        }
        monitor(50);

        time.advance(Duration.ofMillis(500));
        int early = pool.snapshot().selectable().size();

        // Half of 50 expected, standard deviation 3.5.
        assertTrue(early > 7 && early < 43, early + " of 50 probed after half a second");
    }

    @Test
    void goodProbesOfAMemberThatIsWellTouchNothing() {
        probe.forBackend("b0", "up").forBackend("b1", "up");
        monitor(2);
        time.advance(Duration.ofSeconds(1));
        PoolSnapshot before = pool.snapshot();

        time.advance(Duration.ofHours(1));

        assertSame(before, pool.snapshot());
        assertEquals(3600 / 15, probe.asked("b0"), 1);
    }

    @Test
    void verdictsThatFallTogetherChangeThePoolOnce() {
        for (int i = 0; i < 50; i++) {
            probe.forBackend("b" + i, "hang");
        }
        monitor(50);
        time.advance(Duration.ofSeconds(1));
        long before = pool.snapshot().version();

        probe.hanging().forEach(question -> question.complete(ProbeResult.good("answered")));
        time.advance(Duration.ZERO);

        assertEquals(50, pool.snapshot().selectable().size());
        assertEquals(before + 1, pool.snapshot().version());
    }

    @Test
    void closingEndsAllTasksAndGivesThePoolBack() {
        probe.forBackend("b0", "down").forBackend("b1", "hang");
        monitor(2);
        time.advance(Duration.ofSeconds(32));

        monitor.close();
        monitor.close();

        assertEquals(Set.of("b0", "b1"), selectable(pool.snapshot()));
        time.advance(Duration.ZERO); // what was on its way to the scheduler
        assertEquals(0, time.pendingTasks());
        probe.hanging().forEach(question -> assertTrue(question.isDone()));
    }
}
