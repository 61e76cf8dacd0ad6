package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.simulation.Claim;
import io.evenkeel.benchmarks.simulation.Finding;
import io.evenkeel.benchmarks.simulation.Simulations;
import java.util.concurrent.ExecutionException;

/** Where requests go and how long they wait, in virtual time. */
final class SimulationMeasurement {
    private static final int SEEDS = 5;

    private SimulationMeasurement() {}

    static Report measure(boolean isQuick, String only) throws InterruptedException, ExecutionException {
        Report report = new Report("Strategies in virtual time");
        for (Finding finding : Simulations.run(only, isQuick ? 1 : SEEDS)) {
            Claim claim = finding.claim();
            String cell = finding.name() + ", " + claim.figure().words();
            switch (claim.kind()) {
                case REPRODUCES ->
                    report.near(cell, finding.reads(), finding.value(), claim.value(), claim.tolerance());
                case AT_LEAST -> report.atLeast(cell, finding.reads(), finding.value(), claim.value());
                case AT_MOST -> report.atMost(cell, finding.reads(), finding.value(), claim.value());
            }
        }
        return report;
    }
}
