package io.evenkeel.health;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When probes are sent and verdicts are reached, in virtual time. */
@Tag("health")
class ProbeTimingTest {
    private static final Duration STEP = Duration.ofMillis(10);

    private final VirtualTime time = new VirtualTime();
    private final ProbeSchedule schedule = ProbeSchedule.defaults();
    private boolean isHanging;

    /** Answers at once, or never. */
    private final HealthProbe probe = target ->
            isHanging ? new CompletableFuture<>() : CompletableFuture.completedFuture(ProbeResult.good("answered"));

    private BackendPool monitored(int members, ProbeSchedule schedule, HealthProbe probe, long seed) {
        BackendPool pool = BackendPool.builder("test")
                .backends(backends(members))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .listenerExecutor(Runnable::run)
                .build();
        HealthMonitor unused =
                HealthMonitor.start(pool, new Quick(probe), schedule, time, new SplittableRandom(seed), time::nanoTime);
        return pool;
    }

    /** Is asked on the thread of the virtual time. */
    private record Quick(HealthProbe probe) implements HealthProbe {
        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public CompletionStage<ProbeResult> check(ProbeTarget target) {
            return probe.check(target);
        }
    }

    @ParameterizedTest(
            name = "2 a hang is found between (N-1)*I and N*I + T, and its end within I + T: N = {0}, T = {1} s")
    @CsvSource({"1, 5", "2, 5", "3, 5", "2, 1", "2, 60"})
    void aHangIsFoundAndItsEndToo(int threshold, int timeout) {
        ProbeSchedule tested = schedule.withJitter(0)
                .withUnhealthyThreshold(threshold)
                .withTimeout(Duration.ofSeconds(timeout))
                .withFlapDamping(FlapDamping.OFF);
        Duration interval = tested.interval();
        Duration longest = interval.multipliedBy(threshold).plusNanos(tested.timeoutNanos());
        BackendPool pool = monitored(1, tested, probe, 1);
        time.advance(Duration.ofMinutes(1));

        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofMillis(1_730)); // comes at every phase of the interval
            isHanging = true;
            Duration detection = until(() -> stateOf(pool) == BackendState.DOWN);
            isHanging = false;
            Duration recovery = until(() -> stateOf(pool) == BackendState.UP);

            assertBetween(interval.multipliedBy(threshold - 1), longest, detection);
            assertBetween(Duration.ZERO, interval.plusNanos(tested.timeoutNanos()), recovery);
        }
    }

    @Test
    @DisplayName("2 the probes of 200 clients and 50 backends never come in a crowd")
    void theProbesOfManyClientsNeverComeInACrowd() {
        Map<Long, Integer> slots = new HashMap<>();
        HealthProbe counting = target -> {
            slots.merge(time.nanoTime() / 100_000_000, 1, Integer::sum);
            return probe.check(target);
        };
        for (int client = 0; client < 200; client++) {
            BackendPool unused = monitored(50, schedule, counting, client);
        }

        time.advance(Duration.ofMinutes(3));

        // Everybody asks once in the first second, whatever the interval is, so that a new pool has members soon.
        assertNoCrowd(slots, 0, 10, 200 * 50 / 10);
        assertNoCrowd(slots, 10, 1_800, 200 * 50 / 150);
    }

    @Test
    void probesThatAreDueWithinAThousandthOfTheIntervalAreDueTogether() {
        List<Long> asked = new ArrayList<>();
        HealthProbe counting = target -> {
            asked.add(time.nanoTime());
            return probe.check(target);
        };
        BackendPool unused = monitored(500, schedule, counting, 1);
        time.advance(Duration.ofSeconds(1));
        asked.clear();

        time.advance(Duration.ofMinutes(1));

        assertEquals(Set.of(0L), asked.stream().map(at -> at % 15_000_000).collect(Collectors.toSet()));
    }

    private static void assertNoCrowd(Map<Long, Integer> slots, long from, long to, int mean) {
        for (long slot = from; slot < to; slot++) {
            int probes = slots.getOrDefault(slot, 0);
            assertTrue(probes <= 2 * mean, probes + " probes in slot " + slot + ", where the mean is " + mean);
        }
    }

    @ParameterizedTest(
            name = "2 a member that turns every {1} probes for 5 minutes changes at most 6 times: every {0} s")
    @CsvSource({"15, 1, 1", "15, 2, 2", "5, 1, 1", "5, 2, 2", "2, 1, 1"})
    void aMemberThatFlapsIsHeldBack(int interval, int turn, int threshold) {
        ProbeSchedule tested = schedule.withInterval(Duration.ofSeconds(interval))
                .withTimeout(Duration.ofSeconds(1))
                .withUnhealthyThreshold(threshold);
        Map<String, Integer> asked = new HashMap<>();
        HealthProbe flapping = target -> CompletableFuture.completedFuture(
                asked.merge(target.backend().id(), 1, Integer::sum) / turn % 2 == 0
                        ? ProbeResult.good("answered")
                        : ProbeResult.bad("refused"));
        BackendPool pool = monitored(20, tested, flapping, 3);
        EventLog log = new EventLog();
        pool.listen(log);

        time.advance(Duration.ofMinutes(5));

        for (int i = 0; i < 20; i++) {
            String member = "b" + i + " ";
            long changes =
                    log.lines().stream().filter(line -> line.startsWith(member)).count();
            assertTrue(changes >= 2 && changes <= 6, member + "changed " + changes + " times");
        }
    }

    @Test
    void aMemberThatFailedOnceComesBackWithItsFirstGoodProbeAndSoItDoesAfterACalm() {
        BackendPool pool = monitored(1, schedule.withJitter(0), probe, 1);
        time.advance(Duration.ofMinutes(1));

        for (int i = 0; i < 3; i++) {
            isHanging = true;
            Duration unused = until(() -> stateOf(pool) == BackendState.DOWN);
            isHanging = false;

            assertBetween(Duration.ZERO, Duration.ofSeconds(15), until(() -> stateOf(pool) == BackendState.UP));
            time.advance(Duration.ofMinutes(10));
        }
    }

    @Test
    @DisplayName("2 a suspension of 60 s changes no verdict, and the probes after it are spread")
    void aSuspensionChangesNoVerdict() {
        List<Long> asked = new ArrayList<>();
        HealthProbe slow = target -> {
            asked.add(time.nanoTime());
            CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
            time.schedule(
                    () -> answer.complete(ProbeResult.good("answered")), 4, java.util.concurrent.TimeUnit.SECONDS);
            return answer;
        };
        BackendPool pool = monitored(50, schedule.withJitter(0).withUnhealthyThreshold(1), slow, 5);
        time.advance(Duration.ofMinutes(2)); // a good quarter of the members have a probe under way at any time
        EventLog log = new EventLog();
        pool.listen(log);

        time.suspend(Duration.ofSeconds(60));
        asked.clear();
        long woken = time.nanoTime();
        time.advance(Duration.ofSeconds(15));

        log.assertEvents();
        assertTrue(asked.size() <= 50, asked.size() + " probes of 50 members in the first interval");
        long within100ms = asked.stream().filter(at -> at - woken < 100_000_000).count();
        assertTrue(within100ms <= 15, within100ms + " probes at once");
        assertTrue(
                asked.stream().anyMatch(at -> at - woken < 1_000_000_000), "somebody is asked within the first second");
        time.advance(Duration.ofMinutes(2));
        log.assertEvents();
    }

    @Test
    void aSchedulerThatIsAlwaysLateStillFindsAHang() {
        BackendPool pool = monitored(1, schedule.withJitter(0), probe, 1);
        time.advance(Duration.ofMinutes(1));
        isHanging = true;

        for (int i = 0; i < 20; i++) {
            time.suspend(Duration.ofSeconds(20));
            time.advance(Duration.ofSeconds(1));
        }

        assertEquals(BackendState.DOWN, stateOf(pool));
    }

    private static BackendState stateOf(BackendPool pool) {
        return Pools.member(pool, "b0").state();
    }

    private Duration until(BooleanSupplier condition) {
        Duration waited = Duration.ZERO;
        while (!condition.getAsBoolean()) {
            time.advance(STEP);
            waited = waited.plus(STEP);
            assertTrue(waited.toMinutes() < 10, "did not come true within ten minutes");
        }
        return waited;
    }

    private static void assertBetween(Duration least, Duration most, Duration actual) {
        assertTrue(
                actual.compareTo(least) >= 0 && actual.compareTo(most.plus(STEP)) <= 0,
                actual + " (expected: " + least + " to " + most + ")");
    }
}
