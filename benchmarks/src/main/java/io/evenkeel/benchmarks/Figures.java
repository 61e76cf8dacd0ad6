package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What was measured in all rounds. A figure is the median over them, and in each the median of its iterations. */
final class Figures {
    private final int warmups;
    private final int iterations;
    private final TimeValue iteration;
    private final Map<Case, List<Double>> times = new LinkedHashMap<>();
    private final Map<Case, List<Double>> bytes = new LinkedHashMap<>();

    Figures(int warmups, int iterations, int millis) {
        this.warmups = warmups;
        this.iterations = iterations;
        this.iteration = TimeValue.milliseconds(millis);
    }

    /** Which benchmark, and with what. */
    record Case(String benchmark, String strategy, int members, int threads) {
        Case with(int members) {
            return new Case(benchmark, strategy, members, threads);
        }

        private static Case of(BenchmarkParams params) {
            String[] name = params.getBenchmark().split("\\.");
            return new Case(
                    name[name.length - 2] + "." + name[name.length - 1],
                    params.getParamsKeys().contains("strategy") ? params.getParam("strategy") : "",
                    Integer.parseInt(params.getParam("members")),
                    params.getThreads());
        }
    }

    /** One fork for each combination. Strategies may be empty: then the benchmark has none, or all of its own. */
    void run(String benchmark, List<String> strategies, List<Integer> members, int threads) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + benchmark + "$")
                .param("members", members.stream().map(String::valueOf).toArray(String[]::new))
                .threads(threads)
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(iteration)
                .measurementIterations(iterations)
                .measurementTime(iteration)
                .jvmArgs("-Xms512m", "-Xmx512m")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        if (!strategies.isEmpty()) {
            options.param("strategy", strategies.toArray(String[]::new));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            Case key = Case.of(result.getParams());
            times.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(result.getPrimaryResult().getStatistics().getPercentile(50));
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            bytes.computeIfAbsent(key, k -> new ArrayList<>()).add(allocated.getScore());
        }
    }

    /** The same where the benchmarks may not have been built; false then. */
    boolean runIfThere(String benchmark, List<Integer> members, int threads) throws RunnerException {
        try {
            run(benchmark, List.of(), members, threads);
            return true;
        } catch (NoBenchmarksException e) {
            return false;
        }
    }

    /** All that were measured of a class, in the order in which they first came. */
    List<Case> casesOf(String prefix) {
        return times.keySet().stream()
                .filter(c -> c.benchmark().startsWith(prefix))
                .toList();
    }

    double time(Case of) {
        return median(times, of);
    }

    double bytes(Case of) {
        return median(bytes, of);
    }

    private static double median(Map<Case, List<Double>> figures, Case of) {
        List<Double> sorted =
                figures.getOrDefault(of, List.of()).stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("no figure for " + of + "; there are " + figures.keySet());
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
