package io.evenkeel.benchmarks.simulation;

import java.util.List;
import java.util.Locale;

/** What one contender did in one scenario, over all seeds. */
record Result(Scenario scenario, Contender contender, Recording sum, List<Recording> seeds) {

    static Result of(Scenario scenario, Contender contender, List<Recording> seeds) {
        Recording sum = new Recording(scenario);
        seeds.forEach(sum::add);
        return new Result(scenario, contender, sum, seeds);
    }

    List<Finding> findings() {
        return scenario.claims().stream()
                .filter(claim -> claim.contender().equals(contender.name()))
                .map(claim -> new Finding(
                        scenario.name() + ", " + contender.name(),
                        words(),
                        claim.figure().of(sum),
                        claim))
                .toList();
    }

    private String words() {
        Latencies latencies = sum.latencies();
        return String.format(
                Locale.ROOT,
                "in time %.3f %%, failed %.3f %%, p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f ms",
                sum.successPercent(),
                sum.failedPercent(),
                latencies.quantileMillis(0.5),
                latencies.quantileMillis(0.9),
                latencies.quantileMillis(0.99),
                latencies.quantileMillis(0.999));
    }
}
