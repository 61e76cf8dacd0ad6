package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.okhttp.CallPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A second attempt, seen by its client: two servers in turns, work of 20 ms without chance, ten requests a second. */
class HedgeTest {
    private static final CallPolicy AFTER_100_MS = CallPolicy.defaults().withHedgeDelay(Duration.ofMillis(100));

    private final Scenario scenario = new Scenario("hedges", "")
            .servers(2)
            .work(random -> 20 * Work.MILLI)
            .perSecond(10)
            .seconds(100);

    private Recording run() {
        return Simulation.run(scenario, Contender.ROUND_ROBIN, 1);
    }

    @Test
    void whoIsAnsweredBeforeTheDelaySendsNothingTwice() {
        scenario.hedged(AFTER_100_MS, 1);

        Recording recording = run();

        assertEquals(0, recording.hedgedPercent());
    }

    @Test
    void whoWaitsAtASlowServerIsAnsweredByTheOther() {
        scenario.hedged(AFTER_100_MS, 1).script(fleet -> fleet.server(0).stretch(50));

        Recording recording = run();

        // They wait for 100 ms at the slow server, and then for 20 ms at the other one.
        assertEquals(120, recording.latencies().quantileMillis(1), 1);
    }

    @Test
    void noMoreAreSentTwiceThanTheBudgetHas() {
        scenario.hedged(AFTER_100_MS, 0.1).script(fleet -> fleet.server(0).stretch(50));

        Recording recording = run();

        assertEquals(10, recording.hedgedPercent(), 0.2);
        assertEquals(1000, recording.latencies().quantileMillis(1), 8);
    }

    @Test
    void whoLosesOneAttemptWaitsForTheOther() {
        // Nobody sends for the second before server 0 goes down, so whoever still waits then has two attempts.
        scenario.work(random -> 2000 * Work.MILLI)
                .perSecond(time -> time < 50 ? 10 : 1e-9)
                .hedged(AFTER_100_MS, 1)
                .script(fleet -> fleet.at(51, () -> fleet.server(0).down(true)));

        Recording recording = run();

        assertEquals(100, recording.successPercent());
        assertEquals(recording.requests(), recording.latencies().count());
    }

    @Test
    void theTimeOfAHedgeIsThatOfMostAnswersWhereItIsAQuantile() {
        scenario.hedged(CallPolicy.defaults().withHedgeQuantile(0.5), 1)
                .seconds(200)
                .script(fleet -> fleet.at(100, () -> fleet.server(0).stretch(50)));

        Recording recording = run();

        // No hedge before 64 answers are known; then after 20 ms, which is what all took.
        assertEquals(40, recording.latencies(100).quantileMillis(1), 1);
    }

    @Test
    void aServerThatIsToldHasNothingLeftOfWhatWasAnsweredElsewhere() {
        scenario.slots(1).hedged(AFTER_100_MS, 1).script(fleet -> {
            fleet.at(10, () -> fleet.server(0).paused(true));
            fleet.at(50, () -> fleet.server(0).paused(false));
        });
        Recording goingOn = run();

        Recording stopping = Simulation.run(scenario.serversTold(), Contender.ROUND_ROBIN, 1);

        // Of 400 requests it was sent 200 or more, which take it 4 s.
        assertTrue(goingOn.latencies(51).quantileMillis(0.9) > 100, "a request of two waits for its hedge");
        assertTrue(stopping.latencies(51).quantileMillis(0.9) < 100, "nobody waits for a hedge");
    }
}
