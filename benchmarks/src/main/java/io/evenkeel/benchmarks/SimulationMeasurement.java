package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.simulation.Claim;
import io.evenkeel.benchmarks.simulation.Finding;
import io.evenkeel.benchmarks.simulation.Simulations;
import java.nio.file.Path;

/** Where requests go and how long they wait, in virtual time. A whole run also writes the page of the documentation. */
final class SimulationMeasurement {
    private static final int SEEDS = 5;

    private SimulationMeasurement() {}

    static Report measure(boolean isQuick, String only) throws Exception {
        Simulations simulations = isQuick ? Simulations.runQuickly(only) : Simulations.run(only, SEEDS);
        if (!isQuick && only.isEmpty()) {
            simulations.publish(Path.of("docs"));
        }
        Report report = new Report("Strategies in virtual time");
        simulations.findings().forEach(finding -> add(finding, report));
        return report;
    }

    private static void add(Finding finding, Report report) {
        Claim claim = finding.claim();
        String cell = finding.name() + ", " + claim.figure().words();
        switch (claim.kind()) {
            case REPRODUCES -> report.near(cell, finding.reads(), finding.value(), claim.value(), claim.tolerance());
            case AT_LEAST -> report.atLeast(cell, finding.reads(), finding.value(), claim.value());
            case AT_MOST -> report.atMost(cell, finding.reads(), finding.value(), claim.value());
        }
    }
}
