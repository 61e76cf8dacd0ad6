package io.evenkeel.benchmarks;

import java.util.ArrayList;
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
 * Picks by key, against a round robin by hand and against themselves in a pool a hundred times as large; and what building
 * a table costs. Rounds as in {@link PickMeasurement}.
 */
final class HashingMeasurement {
    /** Allocation is exact but for what background threads add. */
    private static final double ALMOST_NOTHING = 0.5;

    private final Map<String, List<Double>> times = new TreeMap<>();
    private final Map<String, List<Double>> bytes = new TreeMap<>();
    private final boolean isQuick;

    private HashingMeasurement(boolean isQuick) {
        this.isQuick = isQuick;
    }

    static Report measure(boolean isQuick) throws RunnerException {
        HashingMeasurement figures = new HashingMeasurement(isQuick);
        for (int round = 0; round < (isQuick ? 1 : 5); round++) {
            figures.runOnce("PickFloor\\.roundRobin$", 100);
            figures.runOnce("PickHashing\\.", 100);
            figures.runOnce("PickHashing\\.rendezvous", 32);
            figures.runOnce("PickHashing\\.(maglev|bounded|swamped)", 10_000);
            figures.runOnce("MaglevBuild\\.", 100);
            figures.runOnce("MaglevBuild\\.", 10_000);
        }
        return figures.report();
    }

    private void runOnce(String benchmarks, int members) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmarks)
                .param("members", String.valueOf(members))
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(isQuick ? 100 : 500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(isQuick ? 100 : 500))
                .jvmArgs("-Xms512m", "-Xmx512m")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark().replaceFirst(".*\\.", "");
            String heaviest = result.getParams().getParam("heaviest");
            String key = name + " " + members + (heaviest == null ? "" : " of 1 to " + heaviest);
            times.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(result.getPrimaryResult().getStatistics().getPercentile(50));
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            bytes.computeIfAbsent(key, k -> new ArrayList<>()).add(allocated.getScore());
        }
    }

    private Report report() {
        Report report = new Report("Picks by key, 1 thread: time as a ratio, and bytes allocated");
        ratio(report, "maglev 100", "roundRobin 100", 3);
        ratio(report, "bounded 100", "roundRobin 100", 8);
        ratio(report, "swamped 100", "roundRobin 100", 8);
        for (String name : List.of("maglev", "bounded")) {
            ratio(report, name + " 10000", name + " 100", 1.5);
        }
        for (String name : List.of("swamped 10000", "rendezvous 32", "rendezvous 100", "ringHash 100")) {
            ratio(report, name, "roundRobin 100", Double.POSITIVE_INFINITY);
        }
        for (String name : List.of("maglev", "bounded", "swamped", "rendezvous", "ringHash")) {
            double allocated = median(bytes, name + " 100");
            report.atMost(name + ", bytes", String.format("%.1f B", allocated), allocated, ALMOST_NOTHING);
        }
        for (int heaviest : new int[] {1, 65_535}) {
            build(report, "anew 100 of 1 to " + heaviest, 5);
            build(report, "anew 10000 of 1 to " + heaviest, 100);
            build(report, "steady 100 of 1 to " + heaviest, 5);
            build(report, "steady 10000 of 1 to " + heaviest, 100);
        }
        return report;
    }

    private void ratio(Report report, String ours, String floor, double limit) {
        double our = median(times, ours);
        double low = median(times, floor);
        report.atMost(ours + ", time", String.format("%.1f ns, %s %.1f ns", our, floor, low), our / low, limit);
    }

    private void build(Report report, String name, double limitMillis) {
        double millis = median(times, name);
        report.atMost("table " + name, String.format("%.1f ms", millis), millis, limitMillis);
    }

    private static double median(Map<String, List<Double>> figures, String key) {
        double[] sorted = figures.getOrDefault(key, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            throw new IllegalStateException("no figure for " + key + "; there are " + figures.keySet());
        }
        return sorted[sorted.length / 2];
    }
}
