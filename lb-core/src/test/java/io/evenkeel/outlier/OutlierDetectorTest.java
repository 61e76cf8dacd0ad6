package io.evenkeel.outlier;

import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.member;
import static io.evenkeel.testing.Pools.selectable;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.ScriptedProbe;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@Tag("health")
class OutlierDetectorTest {
    private final VirtualTime time = new VirtualTime();
    private final OutlierPolicy policy =
            OutlierPolicy.defaults().withEjectionTime(EjectionTime.defaults().withJitter(0));
    private BackendPool pool;
    private OutlierDetector detector;

    private void detect(int members, OutlierPolicy policy) {
        pool = BackendPool.builder("test")
                .backends(backends(members))
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        detector = OutlierDetector.start(pool, policy, time, new Random(1));
    }

    private void end(String id, int times, Outcome outcome) {
        for (int i = 0; i < times; i++) {
            Pick pick = member(pool, id).pick();
            pick.responded();
            pick.report(outcome);
        }
    }

    private void fail(String id, int times) {
        end(id, times, Outcome.FAILURE);
    }

    @Test
    void fiveFailuresInARowTakeAMemberOutForHalfAMinute() {
        detect(3, policy);

        fail("b0", 4);
        end("b0", 1, Outcome.SUCCESS);
        fail("b0", 4);
        assertEquals(BackendState.UP, member(pool, "b0").state());

        fail("b0", 1);
        assertEquals("5 failures in a row", member(pool, "b0").reason());
        assertEquals(Set.of("b1", "b2"), selectable(pool.snapshot()));

        time.advance(Duration.ofSeconds(29));
        assertEquals(BackendState.EJECTED, member(pool, "b0").state());
        time.advance(Duration.ofSeconds(1));
        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void threeInARowWithoutAnAnswerAreEnough() {
        detect(3, policy);

        for (int i = 0; i < 3; i++) {
            member(pool, "b1").pick().report(Outcome.FAILURE);
        }

        assertEquals("3 in a row without an answer", member(pool, "b1").reason());
    }

    @Test
    void cancelledPicksSayNothing() {
        detect(3, policy);

        end("b0", 50, Outcome.CANCELLED);
        fail("b0", 4);
        end("b0", 50, Outcome.CANCELLED);

        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void whoComesBackGetsOnePickOnTrialAndOthersAfterItsSuccess() throws NoBackendException {
        detect(2, policy);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));

        List<Pick> picks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            picks.add(balancer.pick());
        }
        List<Pick> trials =
                picks.stream().filter(p -> p.backend().id().equals("b0")).toList();
        assertEquals(1, trials.size());

        trials.get(0).report(Outcome.SUCCESS);
        assertFalse(member(pool, "b0").isOnTrial());
        Set<String> next = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            next.add(balancer.pick().backend().id());
        }
        assertEquals(Set.of("b0", "b1"), next);
    }

    @Test
    void aTrialThatFailsEjectsAgainAndForLonger() throws NoBackendException {
        detect(2, policy);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));

        for (int i = 0; i < 2; i++) {
            Pick pick = balancer.pick();
            pick.report(pick.backend().id().equals("b0") ? Outcome.FAILURE : Outcome.SUCCESS);
        }

        assertEquals("the trial failed", member(pool, "b0").reason());
        time.advance(Duration.ofSeconds(59));
        assertEquals(BackendState.EJECTED, member(pool, "b0").state());
        time.advance(Duration.ofSeconds(1));
        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void aCancelledTrialLetsAnotherTry() throws NoBackendException {
        detect(2, policy);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));

        for (int round = 0; round < 3; round++) {
            List<Pick> picks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                picks.add(balancer.pick());
            }
            assertEquals(
                    1, picks.stream().filter(p -> p.backend().id().equals("b0")).count());
            picks.forEach(Pick::close);
        }
    }

    @Test
    void aTrialThatGoesOnAfterItsAnswerLetsTheNextOneTry() throws NoBackendException {
        detect(2, policy);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));

        Pick connection = pickOnTrial(balancer);
        connection.responded();
        Pick another = pickOnTrial(balancer);

        assertTrue(member(pool, "b0").isOnTrial());
        another.report(Outcome.SUCCESS);
        assertFalse(member(pool, "b0").isOnTrial());
    }

    @Test
    void aTrialThatIsAnsweredWithAnErrorKeepsOthersAway() throws NoBackendException {
        detect(2, policy);
        LoadBalancer balancer = LoadBalancer.over(pool).build();
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));

        pickOnTrial(balancer).responded(Outcome.FAILURE);

        for (int i = 0; i < 4; i++) {
            assertEquals("b1", balancer.pick().backend().id());
        }
    }

    /** One of two picks in turn. */
    private static Pick pickOnTrial(LoadBalancer balancer) throws NoBackendException {
        Pick pick = balancer.pick();
        return pick.member().isOnTrial() ? pick : balancer.pick();
    }

    @Test
    void aGoodProbeEndsTheTimeOutEarlyButNotTheTrial() throws NoBackendException {
        detect(2, policy);
        ScriptedProbe probe = new ScriptedProbe().forBackend("b0", "up").forBackend("b1", "up");
        try (HealthMonitor monitor = HealthMonitor.start(
                pool, probe, ProbeSchedule.defaults().withJitter(0), time, new Random(1), time::nanoTime)) {
            time.advance(Duration.ofSeconds(1));
            fail("b0", 5);
            assertEquals(BackendState.EJECTED, member(pool, "b0").state());

            time.advance(Duration.ofSeconds(15));

            assertEquals(15, monitor.schedule().interval().toSeconds());
            assertEquals(BackendState.UP, member(pool, "b0").state());
            assertTrue(member(pool, "b0").isOnTrial());
        }
    }

    @Test
    void timesInARowAreForgottenAfterCalmIntervals() {
        detect(2, policy);
        fail("b0", 5);
        time.advance(Duration.ofSeconds(30));
        member(pool, "b0").pick().report(Outcome.SUCCESS);
        time.advance(Duration.ofSeconds(30));

        fail("b0", 5);

        time.advance(Duration.ofSeconds(31));
        assertEquals(BackendState.UP, member(pool, "b0").state());
    }

    @Test
    void theOnlyMemberAndTheLastOneThatIsWellAreNeverEjected() {
        detect(1, policy.withMaxEjectedPercent(100));
        fail("b0", 50);
        assertEquals(Set.of("b0"), selectable(pool.snapshot()));

        detect(3, policy.withMaxEjectedPercent(100));
        for (String id : List.of("b0", "b1", "b2")) {
            fail(id, 50);
        }
        assertEquals(Set.of("b2"), selectable(pool.snapshot()));
    }

    @Test
    void theCapIsATrueCap() {
        detect(10, policy.withMaxEjectedPercent(30));

        for (int i = 0; i < 10; i++) {
            fail("b" + i, 50);
        }

        assertEquals(7, pool.snapshot().selectable().size());
    }

    @Test
    void aMemberThatFailsMoreThanTheOthersIsFoundWithinAnInterval() {
        detect(6, policy.withConsecutiveFailures(0).withConsecutiveUnanswered(0));

        for (int i = 0; i < 6; i++) {
            end("b" + i, i == 3 ? 80 : 200, Outcome.SUCCESS);
            fail("b" + i, i == 3 ? 120 : 0);
        }
        time.advance(Duration.ofSeconds(10));

        assertEquals(
                "40.0 % succeeded, where 90.0 % is the mean", member(pool, "b3").reason());
        assertEquals(5, pool.snapshot().selectable().size());
    }

    @Test
    void aDryRunChangesNothing() {
        detect(3, policy.asDryRun());

        fail("b0", 50);

        assertEquals(3, pool.snapshot().selectable().size());
    }

    @Test
    void afterCloseNobodyIsEjectedAndNoTaskIsLeft() {
        detect(3, policy);

        detector.close();
        detector.close();
        fail("b0", 50);

        assertEquals(3, pool.snapshot().selectable().size());
        assertEquals(0, time.pendingTasks());
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        Rates rates = Rates.defaults();
        EjectionTime ejectionTime = EjectionTime.defaults();
        assertAll(
                refused("consecutiveFailures: -1 (expected: >= 0)", () -> policy.withConsecutiveFailures(-1)),
                refused("consecutiveUnanswered: -1 (expected: >= 0)", () -> policy.withConsecutiveUnanswered(-1)),
                refused("maxEjectedPercent: 101 (expected: 0 to 100)", () -> policy.withMaxEjectedPercent(101)),
                refused(
                        "maxEjectedDomainPercent: -1 (expected: 0 to 100)",
                        () -> policy.withMaxEjectedDomainPercent(-1)),
                refused("interval: PT0S (expected: > 0)", () -> rates.withInterval(Duration.ZERO)),
                refused("minimumVolume: 0 (expected: >= 1)", () -> rates.withMinimumVolume(0)),
                refused("minimumMembers: 0 (expected: >= 1)", () -> rates.withMinimumMembers(0)),
                refused("failurePercent: 101 (expected: 0 to 100)", () -> rates.withFailurePercent(101)),
                refused("deviations: NaN (expected: >= 0 and < 1000000)", () -> rates.withDeviations(Double.NaN)),
                refused("minimumGap: 1.5 (expected: 0 to 1)", () -> rates.withMinimumGap(1.5)),
                refused("first: PT0S (expected: > 0)", () -> ejectionTime.withFirst(Duration.ZERO)),
                refused("longest: PT-1S (expected: > 0)", () -> ejectionTime.withLongest(Duration.ofSeconds(-1))),
                refused("jitter: 1.0 (expected: >= 0 and < 1)", () -> ejectionTime.withJitter(1)));
    }

    private static Executable refused(String message, Executable action) {
        return () -> assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
