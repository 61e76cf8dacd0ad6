package io.evenkeel.benchmarks.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Runs scenarios, each by all contenders and with several seeds, and tells what came out. Immutable. */
public final class Simulations {
    /** Runs share nothing: two are twice as fast on the two cores that each machine has. */
    private static final int THREADS = 2;

    private final List<Result> results;
    private final int seeds;

    private Simulations(List<Result> results, int seeds) {
        this.results = results;
        this.seeds = seeds;
    }

    /** Runs all scenarios whose name begins so. */
    public static Simulations run(String prefix, int seeds) throws InterruptedException, ExecutionException {
        return new Simulations(results(scenarios(prefix), Contender.ALL, seeds), seeds);
    }

    /** Runs each of them once that is quick and hardly differs from seed to seed. */
    public static Simulations runQuickly(String prefix) throws InterruptedException, ExecutionException {
        List<Scenario> quick =
                scenarios(prefix).stream().filter(s -> !s.isThorough()).toList();
        return new Simulations(results(quick, Contender.ALL, 1), 1);
    }

    private static List<Scenario> scenarios(String prefix) {
        List<Scenario> all = Scenarios.all();
        List<Scenario> meant =
                all.stream().filter(s -> s.name().startsWith(prefix)).toList();
        if (meant.isEmpty()) {
            throw new IllegalArgumentException("scenario: \"" + prefix + "\" (expected: the beginning of one of "
                    + all.stream().map(Scenario::name).toList() + ")");
        }
        return meant;
    }

    /** What came out beside what must. */
    public List<Finding> findings() {
        return results.stream()
                .flatMap(result -> result.findings(results).stream())
                .toList();
    }

    /** Writes a page and its plots, and a table of another page. */
    public void publish(Path docs) throws IOException {
        Page page = new Page(results, seeds);
        Files.writeString(docs.resolve("strategies-simulated.md"), page.markdown());
        new Inset(page.subsets()).writeInto(docs.resolve("subsetting.md"));
        Files.createDirectories(docs.resolve("plots"));
        for (Result result : results) {
            Scenario scenario = result.scenario();
            if (scenario.isPlotted()) {
                Files.writeString(
                        docs.resolve("plots").resolve(scenario.name() + ".svg"), new Plot(page.of(scenario)).svg());
            }
        }
    }

    static List<Result> results(List<Scenario> scenarios, List<Contender> contenders, int seeds)
            throws InterruptedException, ExecutionException {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try {
            List<Pending> running = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                for (Contender contender : contenders) {
                    List<Future<Recording>> runs = LongStream.rangeClosed(1, seeds)
                            .mapToObj(seed -> workers.submit(() -> Simulation.run(scenario, contender, seed)))
                            .toList();
                    running.add(new Pending(scenario, contender, runs));
                }
            }
            List<Result> results = new ArrayList<>();
            for (Pending pending : running) {
                results.add(pending.result());
            }
            return results;
        } finally {
            workers.shutdownNow();
        }
    }

    private record Pending(Scenario scenario, Contender contender, List<Future<Recording>> runs) {
        Result result() throws InterruptedException, ExecutionException {
            List<Recording> recordings = new ArrayList<>();
            for (Future<Recording> run : runs) {
                recordings.add(run.get());
            }
            return Result.of(scenario, contender, recordings);
        }
    }
}
