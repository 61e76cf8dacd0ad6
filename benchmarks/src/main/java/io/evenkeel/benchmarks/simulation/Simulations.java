package io.evenkeel.benchmarks.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Runs scenarios, each by all contenders and with several seeds. */
public final class Simulations {
    /** Runs share nothing, so that two are the faster the more cores there are. */
    private static final int THREADS = 2;

    private Simulations() {}

    /**
     * Runs all scenarios whose name begins so.
     *
     * @param seeds how many runs each figure is over
     */
    public static List<Finding> run(String prefix, int seeds) throws InterruptedException, ExecutionException {
        List<Scenario> scenarios = Scenarios.all().stream()
                .filter(scenario -> scenario.name().startsWith(prefix))
                .toList();
        List<Result> results = results(scenarios, Contender.ALL, seeds);
        return results.stream()
                .flatMap(result -> result.findings(results).stream())
                .toList();
    }

    static List<Result> results(List<Scenario> scenarios, List<Contender> contenders, int seeds)
            throws InterruptedException, ExecutionException {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try {
            List<Pending> running = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                for (Contender contender : contenders) {
                    running.add(new Pending(
                            scenario,
                            contender,
                            LongStream.rangeClosed(1, seeds)
                                    .mapToObj(seed -> workers.submit(() -> Simulation.run(scenario, contender, seed)))
                                    .toList()));
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

    private record Pending(Scenario scenario, Contender contender, List<Future<Recording>> seeds) {
        Result result() throws InterruptedException, ExecutionException {
            List<Recording> recordings = new ArrayList<>();
            for (Future<Recording> seed : seeds) {
                recordings.add(seed.get());
            }
            return Result.of(scenario, contender, recordings);
        }
    }
}
