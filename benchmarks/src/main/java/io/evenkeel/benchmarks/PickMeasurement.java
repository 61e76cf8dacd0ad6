package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Picks against the floor. Rounds go through all benchmarks one after the other, so that a slow minute of the machine
 * falls on floor and ours alike; a figure is the median over the rounds.
 */
final class PickMeasurement {
    /** Allocation is exact but for what background threads add. */
    private static final double ALMOST_NOTHING = 0.5;

    private final Map<String, List<Double>> nanos = new TreeMap<>();
    private final Map<String, List<Double>> bytes = new TreeMap<>();

    private PickMeasurement() {}

    static Report measure(boolean isQuick) throws RunnerException {
        PickMeasurement figures = new PickMeasurement();
        int rounds = isQuick ? 2 : 5;
        for (int round = 0; round < rounds; round++) {
            figures.runOnce(isQuick ? 2 : 3, isQuick ? 3 : 5, isQuick ? 100 : 500);
        }
        return figures.report();
    }

    private void runOnce(int warmups, int measurements, int iterationMillis) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\.Pick(Floor|Ours)\\.")
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(iterationMillis))
                .measurementIterations(measurements)
                .measurementTime(TimeValue.milliseconds(iterationMillis))
                .jvmArgs("-Xms512m", "-Xmx512m")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            String key = name[name.length - 2] + "." + name[name.length - 1];
            nanos.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(result.getPrimaryResult().getStatistics().getPercentile(50));
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            bytes.computeIfAbsent(key, k -> new ArrayList<>()).add(allocated.getScore());
        }
    }

    private Report report() {
        Report report =
                new Report("Picks, 100 members, 1 thread: time as a ratio to a floor by hand, and bytes allocated");
        ratio(report, "round robin", "roundRobin", "roundRobin", 1.3);
        ratio(report, "random", "random", "random", 1.2);
        ratio(report, "weighted round robin", "weightedRoundRobin", "roundRobin", 4);
        ratio(report, "maglev", "maglev", "roundRobin", 3);
        ratio(report, "two choices", "leastLoaded", "twoChoices", 1.2);
        ratio(report, "pick and report, round robin", "roundRobinCycle", "roundRobinCycle", 1.4);
        ratio(report, "pick and report, two choices", "leastLoadedCycle", "twoChoicesCycle", 1.4);
        ratio(report, "two choices, peak EWMA", "peakEwma", "twoChoices", 2.5);
        ratio(report, "adaptive", "adaptive", "twoChoices", 6);
        ratio(report, "pick, responded, report, peak EWMA", "peakEwmaCycle", "timedTwoChoicesCycle", 1.6);
        ratio(report, "pick, responded, report, adaptive", "adaptiveCycle", "timedTwoChoicesCycle", 1.6);
        for (String name : List.of(
                "roundRobin", "random", "weightedRoundRobin", "maglev", "leastLoaded", "peakEwma", "adaptive")) {
            allocation(report, name, ALMOST_NOTHING);
        }
        allocation(report, "roundRobinCycle", 32 + ALMOST_NOTHING);
        allocation(report, "leastLoadedCycle", 32 + ALMOST_NOTHING);
        allocation(report, "peakEwmaCycle", 32 + ALMOST_NOTHING);
        allocation(report, "adaptiveCycle", 32 + ALMOST_NOTHING);
        return report;
    }

    private void ratio(Report report, String cell, String ours, String floor, double limit) {
        double our = median(nanos, "PickOurs." + ours);
        double low = median(nanos, "PickFloor." + floor);
        report.atMost(cell + ", time", String.format("%.1f ns, floor %s %.1f ns", our, floor, low), our / low, limit);
    }

    private void allocation(Report report, String ours, double limit) {
        double allocated = median(bytes, "PickOurs." + ours);
        report.atMost(ours + ", bytes", String.format("%.1f B", allocated), allocated, limit);
    }

    private static double median(Map<String, List<Double>> figures, String key) {
        List<Double> sorted =
                figures.getOrDefault(key, List.of()).stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("no figure for " + key + "; there are " + figures.keySet());
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
