package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a fleet whose clients go by reported utilisation. */
@Tag("strategy")
class ReportingFleetTest {
    private static SelectionStrategy strategy(int choices) {
        return SelectionStrategy.leastLoaded(choices, LoadMetric.reportedUtilization(), new Random(42));
    }

    @Test
    @DisplayName("3 servers of different power that report their load are used alike")
    void utilisationEqualises() {
        // 120 requests over a capacity of 240: a half each; by picks in flight alone it would be 0.75 and 0.375.
        ReportingFleet fleet = new ReportingFleet(true, 40, 40, 80, 80).start(1, 120, () -> strategy(2));
        fleet.advance(Duration.ofSeconds(20));

        double[] sums = new double[4];
        for (int i = 0; i < 1_000; i++) {
            fleet.advance(Duration.ofMillis(20));
            double[] now = fleet.utilization();
            Arrays.setAll(sums, s -> sums[s] + now[s]);
        }

        // Of two candidates the less used gets one pick more, which is 1/20 of what a small server has open: a server
        // is
        // off by one pick now and then, and by half a pick on average.
        assertTrue(Arrays.stream(sums).allMatch(sum -> Math.abs(sum / 1_000 - 0.5) < 0.5 / 20), Arrays.toString(sums));
    }

    @Test
    @DisplayName("3 a hundred clients do not run to the server that reported least, between two reports")
    void clientsDoNotHerdBetweenReports() {
        ReportingFleet fleet = new ReportingFleet(
                        false, 500, 500, 1_000, 1_000, 2_000, 2_000, 1_000, 1_000, 1_000, 1_000)
                .start(100, 50, () -> strategy(10));
        fleet.advance(Duration.ofSeconds(5));

        double firstSpread = 0;
        double lastSpread = 0;
        for (int round = 0; round < 5; round++) {
            fleet.reportToAll();
            double[] reported = fleet.utilization();
            double highest = Arrays.stream(reported).max().orElseThrow();
            lastSpread = highest / Arrays.stream(reported).min().orElseThrow();
            firstSpread = round == 0 ? lastSpread : firstSpread;

            for (int step = 0; step < 100; step++) {
                fleet.advance(Duration.ofMillis(100));

                // A client takes the server whose report, times what it would have open there for what it had, is
                // least.
                // It had 50 open; with 49, and one more on each of ten, there is a server with at most 59/50 of what it
                // had. So none is taken beyond 1.18 times the highest report. Without regard to what is open, the one
                // that
                // reported least would have all 5,000 at its side: 2.5 to 10.
                double now = Arrays.stream(fleet.utilization()).max().orElseThrow();
                assertTrue(now <= 1.18 * highest, "round " + round + ": " + now + " after " + highest);
            }
        }

        // Four to one at first, since nobody knew; in the end a server is at most one pick of each client from the
        // others,
        // and the smallest has more than two of each.
        assertTrue(firstSpread > 3.5 && lastSpread < 1.5, firstSpread + " to " + lastSpread);
    }
}
