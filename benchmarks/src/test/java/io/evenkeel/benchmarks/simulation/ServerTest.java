package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What befalls a server, seen by its client: work of 20 ms without chance, a request every 100 ms or so. */
class ServerTest {
    private final Scenario scenario = new Scenario("server", "")
            .work(random -> 20 * Work.MILLI)
            .perSecond(10)
            .seconds(100);

    private Recording run() {
        return Simulation.run(scenario, Contender.ROUND_ROBIN, 1);
    }

    @Test
    void whoHasSlotsWithoutEndIsAnsweredInTheTimeOfTheWork() {
        Recording recording = run();

        assertEquals(20, recording.latencies().meanMillis(), 1e-6);
        assertEquals(100, recording.successPercent());
    }

    @Test
    void aStretchedRequestStaysStretchedWhenTheServerIsWellAgain() {
        scenario.script(fleet -> {
            fleet.at(10, () -> fleet.server(0).stretch(50));
            fleet.at(20, () -> fleet.server(0).stretch(1));
        });

        Recording recording = run();

        assertEquals(1000, recording.latencies(19).meanMillis(), 1e-6);
        assertEquals(20, recording.latencies(20).meanMillis(), 1e-6);
    }

    @Test
    void whatIsUnderWayWaitsUntilAPauseIsOver() {
        scenario.script(fleet -> {
            fleet.at(10, () -> fleet.server(0).paused(true));
            fleet.at(15, () -> fleet.server(0).paused(false));
        });

        Recording recording = run();

        // Who came in the first second of the pause waited for four to five more.
        assertEquals(4500, recording.latencies(10).meanMillis(), 300);
        assertEquals(20, recording.latencies(15).meanMillis(), 1e-6);
        assertEquals(100, recording.successPercent());
    }

    @Test
    void aServerThatFailsDoesSoAfterAMillisecond() {
        scenario.script(fleet -> fleet.server(0).failing(true));

        Recording recording = run();

        assertEquals(100, recording.failedPercent());
        assertEquals(1, recording.latencies().meanMillis(), 1e-6);
    }

    @Test
    void aServerThatGoesDownLosesWhatItWorksOn() {
        scenario.work(random -> 1000 * Work.MILLI)
                .script(fleet -> fleet.at(10.5, () -> fleet.server(0).down(true)));

        Recording recording = run();

        assertEquals(100, recording.successPercent(8));
        assertEquals(0, recording.successPercent(10));
        assertEquals(0, recording.successPercent(99));
    }

    @Test
    void whatIsRefusedIsTriedElsewhere() {
        scenario.servers(3).attempts(3).script(fleet -> {
            fleet.server(0).down(true);
            fleet.server(1).down(true);
        });

        Recording recording = run();

        assertEquals(100, recording.successPercent());
        // Each refusal takes 1 ms; there are none, one or two of them.
        assertEquals(21, recording.latencies().meanMillis(), 1);
    }

    @Test
    void aClientGivesUpAtItsTimeout() {
        scenario.work(random -> 1000 * Work.MILLI).timeoutMillis(300);

        Recording recording = run();

        assertEquals(100, recording.failedPercent());
        assertEquals(300, recording.latencies().meanMillis(), 1e-6);
    }
}
