package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExperienceTest {
    private static final int USUAL_MILLIS = 100;

    private final VirtualTime time = new VirtualTime();
    private final BackendPool pool = BackendPool.builder("test")
            .backends(backends(3))
            .nanoClock(time::nanoTime)
            .build();
    private final Fleet fleet = new Fleet();
    private Member usual;
    private Member other;
    private Member unknown;

    @BeforeEach
    void twoMembersAnswerAsUsual() {
        var members = pool.snapshot()
                .metered(member -> new Experience(fleet, member.load(), 0))
                .selectable();
        usual = members.get(0);
        other = members.get(1);
        unknown = members.get(2);
        for (int i = 0; i < 200; i++) {
            answer(usual, USUAL_MILLIS);
            answer(other, USUAL_MILLIS);
        }
    }

    private void wait(int millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private void end(Member member, int millis, Outcome outcome) {
        Pick pick = member.pick();
        wait(millis);
        pick.report(outcome);
    }

    private void answer(Member member, int millis) {
        end(member, millis, Outcome.SUCCESS);
    }

    /** The latency that a member's cost stands for while nothing is in flight, in milliseconds. */
    private double expected(Member member) {
        double queue = member.load().inFlight() + 1.0;
        return Math.cbrt(experience(member).squaredCost(time.nanoTime(), 1) / (queue * queue)) / 1e6;
    }

    private static Experience experience(Member member) {
        return (Experience) member.meter();
    }

    private boolean isOutOfTheQuestion(Member member) {
        return experience(member).squaredCost(time.nanoTime(), 1) >= Experience.OUT_OF_THE_QUESTION;
    }

    @Test
    void whoWasNeverAskedCountsAsUsual() {
        assertEquals(expected(usual), expected(unknown), 3);
    }

    @Test
    void theQueueCountsInFull() {
        double before = experience(other).squaredCost(time.nanoTime(), 1);

        other.pick();
        other.pick();

        assertEquals(9 * before, experience(other).squaredCost(time.nanoTime(), 1), before * 0.2);
    }

    @Test
    void oneSlowAnswerCountsAsOneOfTheUsualSlowOnes() {
        answer(other, 5_000);

        assertTrue(expected(other) < 1.2 * USUAL_MILLIS, "expected " + expected(other));
    }

    @Test
    void theSecondSlowAnswerCountsInFull() {
        answer(other, 400);
        answer(other, 400);

        // A tenth of the way at least.
        assertTrue(expected(other) >= USUAL_MILLIS + 30, "expected " + expected(other));
    }

    @Test
    void aSlowMemberIsForgivenByAndBy() {
        for (int i = 0; i < 50; i++) {
            answer(other, 450);
        }
        double slow = expected(other);
        for (int i = 0; i < 300; i++) {
            answer(usual, USUAL_MILLIS);
        }

        // After three time constants of 10 s, a twentieth of the difference is left.
        assertTrue(slow > 4 * USUAL_MILLIS, "slow " + slow);
        assertTrue(expected(other) < 1.3 * USUAL_MILLIS, "forgiven " + expected(other));
    }

    @Test
    void aQuickFailureAloneChangesNothing() {
        double before = expected(other);

        end(other, 1, Outcome.FAILURE);

        assertEquals(before, expected(other), 1);
    }

    @Test
    void theSecondFailureInARowMakesItLookSlow() {
        end(other, 1, Outcome.FAILURE);
        end(other, 1, Outcome.FAILURE);

        assertEquals(10.0 * USUAL_MILLIS, expected(other), 100);
    }

    @Test
    void cancelledRequestsSayNothing() {
        double before = expected(other);

        end(other, 1, Outcome.CANCELLED);
        end(other, 3_000, Outcome.CANCELLED);

        assertEquals(before, expected(other), 1);
    }

    @Test
    void whoKeepsOneWaitingLooksSlowerWithEachMoment() {
        other.pick();

        wait(3 * USUAL_MILLIS);

        assertEquals(3.0 * USUAL_MILLIS, expected(other), 15);
    }

    @Test
    void whoHasFallenSilentGetsNothingMore() {
        other.pick();

        wait(4 * USUAL_MILLIS);
        assertTrue(!isOutOfTheQuestion(other), "not yet");
        wait(2 * USUAL_MILLIS);

        assertTrue(isOutOfTheQuestion(other), "five times the median is a stall");
    }

    @Test
    void oneLongRequestIsNoStallWhileOthersAreAnswered() {
        other.pick();
        for (int i = 0; i < 10; i++) {
            answer(other, USUAL_MILLIS);
        }

        assertTrue(!isOutOfTheQuestion(other), "it answers");
    }

    @Test
    void afterAStallOneTrialRunsAloneAndDecides() {
        Pick stuck = other.pick();
        wait(20 * USUAL_MILLIS);
        double before = 1.1 * USUAL_MILLIS;

        stuck.report(Outcome.SUCCESS);
        assertTrue(expected(other) < before, "what waited for the stall is no evidence: " + expected(other));
        Pick trial = other.pick();
        assertTrue(isOutOfTheQuestion(other), "while the trial runs");
        wait(2 * USUAL_MILLIS);
        trial.report(Outcome.SUCCESS);

        assertEquals(2.0 * USUAL_MILLIS, expected(other), 5);
    }

    @Test
    void aTrialThatIsCancelledIsRunAgain() {
        Pick stuck = other.pick();
        wait(20 * USUAL_MILLIS);
        stuck.report(Outcome.SUCCESS);

        other.pick().report(Outcome.CANCELLED);
        assertTrue(!isOutOfTheQuestion(other), "the next one may try");
        other.pick();

        assertTrue(isOutOfTheQuestion(other), "while the second trial runs");
    }

    @Test
    void theLowerBoundIsNeverAboveTheCost() {
        for (int i = 0; i < 30; i++) {
            answer(other, 300);
            assertTrue(experience(other).squaredCostAtLeast()
                    <= experience(other).squaredCost(time.nanoTime(), 1) * 1.001);
        }
    }
}
