package io.evenkeel.benchmarks.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/**
 * How well the shipped strategies choose, as figures in the repository: a change of theirs is a difference to review. What
 * was measured is in {@code benchmarks/target/simulation.txt}; if it is meant, it goes to where the old figures are.
 */
class CommittedFiguresTest {
    private static final Path COMMITTED = Path.of("src/test/resources/simulation.txt");
    private static final Path MEASURED = Path.of("target/simulation.txt");

    /** One of each kind. */
    private static final Set<String> SCENARIOS = Set.of(
            "buoyant-20",
            "buoyant-hedged",
            "shared-90",
            "shared-90-zipf",
            "fails-fast",
            "pauses",
            "uneven",
            "restart-bare",
            "subset-client");

    /**
     * A part of the requests that are not in time. A run is the same everywhere but for the last bit of exponential
     * functions, which strategies use and processors round in their own ways. Where one pick goes elsewhere, all later ones
     * differ by chance: with other seeds for the strategies, and the same traffic, up to a tenth more or less were late.
     */
    private static final double WITHIN = 0.1;

    /** In points of a percent, where hardly any are late: a dozen of the 60,000 requests of the smallest scenario. */
    private static final double AT_LEAST = 0.02;

    @Test
    void strategiesChooseAsWellAsTheyDid() throws IOException, InterruptedException, ExecutionException {
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> SCENARIOS.contains(scenario.name()))
                .toList();

        List<String> measured = Simulations.results(scenarios, Contender.ALL, 1).stream()
                .map(CommittedFiguresTest::line)
                .toList();

        Files.write(MEASURED, measured);
        List<String> committed = Files.readAllLines(COMMITTED);
        assertEquals(names(committed), names(measured), "who takes part; " + MEASURED + " has the new figures");
        for (int i = 0; i < measured.size(); i++) {
            double was = success(committed.get(i));
            double is = success(measured.get(i));
            double bound = Math.max(AT_LEAST, WITHIN * (100 - was));
            assertTrue(
                    Math.abs(is - was) <= bound,
                    () -> String.format(
                            "%.3f %%, expected %.3f +- %.3f; if that is meant, copy %s to %s",
                            is, was, bound, MEASURED, COMMITTED));
        }
    }

    private static String line(Result result) {
        return String.format(
                Locale.ROOT,
                "%-14s %-12s %7.3f %% in time, mean %7.2f ms, p99 %6.0f ms",
                result.scenario().name(),
                result.contender().name(),
                result.sum().successPercent(),
                result.sum().latencies().meanMillis(),
                result.sum().latencies().quantileMillis(0.99));
    }

    private static List<String> names(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, 27).strip()).toList();
    }

    private static double success(String line) {
        return Double.parseDouble(line.substring(28, 35).strip());
    }
}
