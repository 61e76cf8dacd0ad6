package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes probes come sooner, later, or not at all. */
@Tag("health")
class ProbePaceTest {
    private static final Duration INTERVAL = Duration.ofSeconds(15);

    private final VirtualTime time = new VirtualTime();
    private final ScriptedProbe probe = new ScriptedProbe();
    private final ProbeSchedule schedule = ProbeSchedule.defaults().withJitter(0);
    private final EventLog log = new EventLog();
    private BackendPool pool;
    private HealthMonitor monitor;

    private void monitor(int members, ProbeSchedule schedule) {
        pool = BackendPool.builder("test")
                .backends(backends(members))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run)
                .build();
        monitor = HealthMonitor.start(pool, probe, schedule, time, new SplittableRandom(1), time::nanoTime);
        pool.listen(log);
    }

    @AfterEach
    void close() {
        monitor.close();
        time.advance(Duration.ZERO);
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void aMemberInDoubtIsAskedSoonerUntilTheVerdict() {
        probe.forBackend("b0", "up", "up", "up", "down", "down", "down", "up");
        monitor(1, schedule.withUnhealthyThreshold(3).withIntervalWhenFailing(Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(16)); // the second is asked at any point of the interval
        int sofar = probe.asked("b0");
        log.assertEvents("b0 UNPROBED -> UP (answered)");

        time.advance(INTERVAL.multipliedBy(3 - sofar));
        while (probe.asked("b0") < 4) {
            time.advance(Duration.ofMillis(100));
        }
        time.advance(Duration.ofMillis(2_100));

        log.assertEvents("b0 UP -> DOWN (3 failed probes: refused)");
        assertEquals(6, probe.asked("b0"));
        time.advance(Duration.ofSeconds(10)); // a member that is down is asked at the usual interval
        assertEquals(6, probe.asked("b0"));
    }

    @Test
    void aHangIsFollowedByTheNextProbeAtOnceWhereFailuresAreToBeFollowedSooner() {
        probe.forBackend("b0", "up", "hang");
        monitor(1, schedule.withIntervalWhenFailing(Duration.ofSeconds(1)));
        while (probe.asked("b0") < 2) {
            time.advance(Duration.ofMillis(100));
        }

        time.advance(Duration.ofSeconds(10));

        log.assertEvents("b0 UNPROBED -> UP (answered)", "b0 UP -> DOWN (2 failed probes: no answer within PT5S)");
    }

    @Test
    void aMemberWithoutPicksIsAskedLessOften() {
        probe.forBackend("b0", "up");
        monitor(1, schedule.withLiveTraffic(LiveTraffic.IGNORED.withIntervalWhenIdle(Duration.ofMinutes(1))));

        time.advance(Duration.ofHours(1));

        assertEquals(60, probe.asked("b0"), 2);
    }

    @Test
    void theFirstPickBringsTheUsualIntervalBack() {
        probe.forBackend("b0", "up");
        monitor(1, schedule.withLiveTraffic(LiveTraffic.IGNORED.withIntervalWhenIdle(Duration.ofHours(1))));
        time.advance(Duration.ofMinutes(10));
        int before = probe.asked("b0");

        serve(1, Outcome.SUCCESS);
        time.advance(INTERVAL);

        assertEquals(before + 1, probe.asked("b0"));
    }

    @Test
    void aMemberThatIsDownIsAskedAsEverThoughItGetsNoPicks() {
        probe.forBackend("b0", "down");
        monitor(
                1,
                schedule.withLiveTraffic(LiveTraffic.IGNORED
                        .withIntervalWhenIdle(Duration.ofHours(1))
                        .withSparingSuccesses(1)));

        time.advance(Duration.ofHours(1));

        assertEquals(240, probe.asked("b0"), 2);
    }

    @Test
    void trafficThatGoesWellSparesProbesButNotAll() {
        probe.forBackend("b0", "up");
        monitor(1, schedule.withLiveTraffic(LiveTraffic.IGNORED.withSparingSuccesses(10)));

        for (int i = 0; i < 240; i++) {
            time.advance(INTERVAL);
            serve(10, Outcome.SUCCESS);
        }

        assertEquals(60, probe.asked("b0"), 2); // each fourth
        assertTrue(monitor.log().stream().anyMatch(entry -> entry.event() == ProbeLog.Event.SPARED));
    }

    @Test
    void tooLittleTrafficAndTrafficThatFailsSparesNothing() {
        probe.forBackend("b0", "up");
        monitor(1, schedule.withLiveTraffic(LiveTraffic.IGNORED.withSparingSuccesses(10)));

        for (int i = 0; i < 120; i++) {
            time.advance(INTERVAL);
            serve(9, Outcome.SUCCESS);
            time.advance(INTERVAL);
            serve(50, Outcome.SUCCESS);
            serve(1, i % 2 == 0 ? Outcome.FAILURE : Outcome.TIMEOUT);
        }

        assertEquals(240, probe.asked("b0"), 2);
    }

    @Test
    void aHealthPageThatSaysNoIsBelievedEvenWhileTrafficGoesWell() {
        probe.forBackend("b0", "up", "down");
        monitor(1, schedule.withLiveTraffic(LiveTraffic.IGNORED.withSparingSuccesses(1)));

        for (int i = 0; i < 7; i++) {
            time.advance(INTERVAL);
            serve(10, Outcome.SUCCESS);
        }

        assertEquals(
                "b0 DOWN (2 failed probes: refused)", Pools.member(pool, "b0").toString());
    }

    @ParameterizedTest(name = "2 a pool of {0} that hangs altogether is found out after {1} s at the latest")
    @CsvSource({
        // 2 intervals and a timeout, as a single member, and one second more for chance that crowds the probes
        "300, 36",
        "3000, 36",
        // 1,000 at a time, 5 s each, 2 for each member, after the interval in which they begin to hang
        "10000, 115",
    })
    void aPoolThatHangsAltogetherIsFoundOut(int members, int seconds) {
        for (int i = 0; i < members; i++) {
            probe.forBackend("b" + i, "up", "hang");
        }
        monitor(members, schedule);
        time.advance(Duration.ofSeconds(1));
        assertEquals(members, pool.snapshot().selectable().size());

        time.advance(Duration.ofSeconds(seconds));

        assertEquals(0, pool.snapshot().selectable().size());
    }

    @Test
    void noMoreProbesThanAllowedRunAtATimeAndWaitingIsNotFailing() {
        for (int i = 0; i < 10; i++) {
            probe.forBackend("b" + i, "hang");
        }
        monitor(10, schedule.withMaxConcurrent(3));

        time.advance(Duration.ofSeconds(1));
        assertEquals(3, probe.hanging().size());
        time.advance(Duration.ofSeconds(5));
        assertEquals(6, probe.hanging().size());
        probe.hanging().forEach(question -> question.complete(ProbeResult.good("late")));
        time.advance(Duration.ZERO);

        assertEquals(9, probe.hanging().size());
        assertEquals(
                3,
                monitor.log().stream()
                        .filter(entry -> entry.event() == ProbeLog.Event.GOOD)
                        .count());
        monitor.update(monitor.schedule().withMaxConcurrent(4));
        assertTrue(probe.hanging().size() >= 10);
    }

    @Test
    void aPoolThatHasOnlyOnePlaceForProbesComesUpAllTheSame() {
        for (int i = 0; i < 2_000; i++) {
            probe.forBackend("b" + i, "up");
        }
        monitor(2_000, schedule.withMaxConcurrent(1));

        time.advance(Duration.ofSeconds(1));

        assertEquals(2_000, pool.snapshot().selectable().size());
    }

    @Test
    void aWholeLineIsLeftOffWhenTheMonitorIsClosed() {
        for (int i = 0; i < 20_000; i++) {
            probe.forBackend("b" + i, "hang");
        }
        monitor(20_000, schedule.withMaxConcurrent(1));
        time.advance(Duration.ofSeconds(1));

        monitor.close();
        time.advance(Duration.ZERO);

        assertEquals(1, probe.hanging().size());
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void whoCouldNotBeAskedForWantOfASocketOfOursIsNotBlamed() {
        probe.forBackend("b0", "up", "up", "down");
        monitor(1, schedule);
        time.advance(INTERVAL.plusSeconds(1));

        monitor.update(new WithoutSockets());
        time.advance(INTERVAL.multipliedBy(10));

        log.assertEvents("b0 UNPROBED -> UP (answered)");
        assertEquals(10, pool.faults().count());
        ProbeLog.Entry last = monitor.log().get(monitor.log().size() - 1);
        assertEquals(ProbeLog.Event.DISCARDED, last.event());
        assertEquals("no socket to probe from: Too many open files", last.reason());
        monitor.update(probe);
        time.advance(INTERVAL.multipliedBy(2));
        log.assertEvents("b0 UP -> DOWN (2 failed probes: refused)");
    }

    private static final class WithoutSockets implements HealthProbe {
        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public CompletionStage<ProbeResult> check(ProbeTarget target) {
            return CompletableFuture.failedFuture(new NoSocketException(new IOException("Too many open files")));
        }
    }

    @Test
    void aNewScheduleCountsFromNowOnAndKeepsTheVerdict() {
        probe.forBackend("b0", "up", "up", "up", "down");
        monitor(1, schedule.withInterval(Duration.ofHours(1)));
        time.advance(Duration.ofMinutes(90));
        log.assertEvents("b0 UNPROBED -> UP (answered)");

        monitor.update(schedule.withUnhealthyThreshold(4));
        time.advance(INTERVAL.multipliedBy(6));

        log.assertEvents("b0 UP -> DOWN (4 failed probes: refused)");
    }

    @Test
    void anotherProbeIsAskedFromNowOnAndKeepsVerdictAndCounts() {
        probe.forBackend("b0", "up", "down");
        monitor(1, schedule.withUnhealthyThreshold(3));
        while (probe.asked("b0") < 2) {
            time.advance(Duration.ofMillis(100));
        }

        monitor.update(new ScriptedProbe().forBackend("b0", "throw"));
        time.advance(INTERVAL.multipliedBy(2));

        log.assertEvents("b0 UNPROBED -> UP (answered)", "b0 UP -> DOWN (3 failed probes: on purpose)");
        assertEquals(2, probe.asked("b0"));
    }

    private void serve(int picks, Outcome outcome) {
        for (int i = 0; i < picks; i++) {
            try (Pick pick = Pools.member(pool, "b0").pick()) {
                pick.responded(); // without an answer, a failure would bring a probe
                pick.report(outcome);
            }
        }
    }
}
