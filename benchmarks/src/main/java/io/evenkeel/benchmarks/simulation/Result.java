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

    /** What the busiest server was sent, as a multiple of the mean; the mean over the seeds. */
    double busiest() {
        return seeds.stream().mapToDouble(Recording::busiest).average().orElse(Double.NaN);
    }

    /** What its figures are beside what they must be; {@code all} has the results that some are compared to. */
    List<Finding> findings(List<Result> all) {
        return scenario.claims().stream()
                .filter(claim -> claim.contender().equals(contender.name()))
                .map(claim -> new Finding(scenario.name() + ", " + contender.name(), words(), value(claim, all), claim))
                .toList();
    }

    private double value(Claim claim, List<Result> all) {
        double value = claim.figure().of(sum);
        return all.stream()
                .filter(other ->
                        other.scenario == scenario && other.contender.name().equals(claim.comparedTo()))
                .mapToDouble(other -> value / claim.figure().of(other.sum))
                .findFirst()
                .orElse(value);
    }

    private String words() {
        Latencies latencies = sum.latencies();
        return String.format(
                Locale.ROOT,
                "in time %.3f %%, failed %.3f %%, mean %.1f, p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f ms",
                sum.successPercent(),
                sum.failedPercent(),
                latencies.meanMillis(),
                latencies.quantileMillis(0.5),
                latencies.quantileMillis(0.9),
                latencies.quantileMillis(0.99),
                latencies.quantileMillis(0.999));
    }
}
