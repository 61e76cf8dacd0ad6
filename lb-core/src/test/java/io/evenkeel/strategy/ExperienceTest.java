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
import java.util.List;
import java.util.stream.Stream;
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

    private void endTogether(int millis, Outcome outcome, Member... members) {
        List<Pick> picks = Stream.of(members).map(Member::pick).toList();
        wait(millis);
        picks.forEach(pick -> pick.report(outcome));
    }

    private void answer(Member member, int millis) {
        end(member, millis, Outcome.SUCCESS);
    }

    /** The latency that a member's cost stands for while nothing is in flight, in milliseconds. */
    private double expected(Member member) {
        double queue = member.load().inFlight() + 1.0;
        return Math.cbrt(experience(member).squaredCost(time.nanoTime(), 1) / (queue * queue)) / 1e6;
    }

    private double estimate(Member member) {
        return Math.cbrt(experience(member).squaredCostAtLeast()) / 1e6;
    }

    private static Experience experience(Member member) {
        return (Experience) member.meter();
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
    void noAnswerCountsForMoreThanTenTimesTheUsual() {
        BackendPool same = BackendPool.builder("test")
                .backends(backends(2))
                .nanoClock(time::nanoTime)
                .build();
        var twins = same.snapshot()
                .metered(member -> new Experience(fleet, member.load(), 0))
                .selectable();
        twins.forEach(twin -> answer(twin, USUAL_MILLIS));

        answer(twins.get(0), 10 * USUAL_MILLIS);
        answer(twins.get(1), 500 * USUAL_MILLIS);
        double tenTimes = estimate(twins.get(0));
        double fiveHundredTimes = estimate(twins.get(1));

        // The median moves by some percent with answers like these.
        assertTrue(fiveHundredTimes <= 10.5 * USUAL_MILLIS, "estimate " + fiveHundredTimes);
        assertTrue(tenTimes > 1.05 * USUAL_MILLIS, "estimate " + tenTimes);
    }

    @Test
    void answersOfABurstCountAsIfTheyCameAtASteadyPace() {
        for (int i = 0; i < 50; i++) {
            answer(other, USUAL_MILLIS);
            wait(900);
        }
        double before = expected(other);
        List<Pick> burst = List.of(other.pick(), other.pick(), other.pick(), other.pick());
        wait(5 * USUAL_MILLIS);

        burst.forEach(pick -> pick.report(Outcome.SUCCESS));

        // A second between answers is a tenth of the time constant: each of the four counts for about 15 %.
        double share = (expected(other) - before) / (5.0 * USUAL_MILLIS - before);
        assertTrue(share > 0.35 && share < 0.6, "share " + share);
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
    void whatIsCancelledAtOnceSaysNothing() {
        double before = expected(other);

        for (int i = 0; i < 100; i++) {
            end(other, 1, Outcome.CANCELLED);
        }

        assertEquals(before, expected(other), 1);
    }

    @Test
    void whatIsCancelledLateHasTakenAtLeastThatLong() {
        for (int i = 0; i < 50; i++) {
            end(other, 4 * USUAL_MILLIS, Outcome.CANCELLED);
        }

        // Two time constants leave 0.14 of the difference.
        assertEquals((4 - 3 * Math.exp(-2)) * USUAL_MILLIS, expected(other), 15);
    }

    @Test
    void whatIsCancelledCountsForNoMoreThanTenTimesTheUsual() {
        for (int i = 0; i < 50; i++) {
            end(other, 100 * USUAL_MILLIS, Outcome.CANCELLED);
        }

        assertEquals(10.0 * USUAL_MILLIS, expected(other), 100);
    }

    @Test
    void whatIsCancelledDoesNotMakeASlowMemberLookFaster() {
        for (int i = 0; i < 50; i++) {
            endTogether(5 * USUAL_MILLIS, Outcome.SUCCESS, other, unknown);
        }

        for (int i = 0; i < 10; i++) {
            end(other, 2 * USUAL_MILLIS, Outcome.CANCELLED);
        }

        assertTrue(expected(unknown) > 3 * USUAL_MILLIS, "as slow and left alone: " + expected(unknown));
        assertEquals(expected(unknown), expected(other), 0.05 * expected(unknown));
    }

    @Test
    void whatIsCancelledDoesNotMakeAFailingMemberLookFaster() {
        for (int i = 0; i < 30; i++) {
            endTogether(1, Outcome.FAILURE, other, unknown);
        }

        endTogether(90 * USUAL_MILLIS, Outcome.CANCELLED, other, other, other);

        assertTrue(expected(unknown) > 30 * USUAL_MILLIS, "fails as often, left alone: " + expected(unknown));
        assertEquals(expected(unknown), expected(other), 1);
    }

    @Test
    void theFirstThatIsCancelledAtOnceDoesNotMakeAMemberLookFast() {
        end(unknown, 1, Outcome.CANCELLED);

        assertEquals(expected(usual), expected(unknown), 3);
    }

    @Test
    void whatIsCancelledAfterItsAnswerBeganCountsUpToItsAnswer() {
        double before = expected(other);

        for (int i = 0; i < 50; i++) {
            Pick pick = other.pick();
            wait(USUAL_MILLIS);
            pick.responded();
            wait(20 * USUAL_MILLIS);
            pick.report(Outcome.CANCELLED);
        }

        assertEquals(before, expected(other), 3);
    }

    @Test
    void whoKeepsOneWaitingLooksSlowerWithEachMoment() {
        other.pick();

        wait(3 * USUAL_MILLIS);

        assertEquals(3.0 * USUAL_MILLIS, expected(other), 15);
    }

    @Test
    void oneThatStandsStillCostsMoreThanAnyQueue() {
        other.pick();

        wait(100 * USUAL_MILLIS);

        assertEquals(100.0 * USUAL_MILLIS, expected(other), 300);
    }

    @Test
    void failuresGoOnMakingItLookSlowerUpToAHundredTimes() {
        for (int i = 0; i < 30; i++) {
            end(other, 1, Outcome.FAILURE);
        }

        assertEquals(100.0 * USUAL_MILLIS, expected(other), 500);
    }

    @Test
    void afterAPauseItIsSoonTrusted() {
        List<Pick> stuck = List.of(other.pick(), other.pick(), other.pick());
        wait(20 * USUAL_MILLIS);

        stuck.forEach(pick -> pick.report(Outcome.SUCCESS));

        assertTrue(expected(other) < 6.5 * USUAL_MILLIS, "expected " + expected(other));
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
