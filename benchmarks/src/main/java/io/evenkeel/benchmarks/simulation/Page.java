package io.evenkeel.benchmarks.simulation;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The results as a page of the documentation. */
record Page(List<Result> results, int seeds) {

    String markdown() {
        return """
                # Strategies in virtual time

                Written by `benchmarks/run simulate`, which takes some minutes; a change of how strategies choose is a change of this
                page. It runs the strategies as they are shipped, each client with a pool and a balancer of its own, against simulated
                servers. Every figure is over seeds 1 to %d; arrivals, work and what befalls the servers are the same for all strategies
                of a seed.

                What it cannot show: what a pick costs (see [Performance](performance.md)), and what a network does.

                ## Answered in time

                Share of requests that were answered well within the limit, in %%.

                %s
                ## Latency

                Mean, p99 and p99.9 in ms, of all that ended, timeouts included.

                %s
                ## Sent twice

                Share of requests that were sent to a second server because the first took long, in %%. When, and how often at most, is
                decided by the shipped rules of `callFactory` in `lb-okhttp`, of each client for itself; its race is modelled: the first
                good answer counts, and the other attempt is cancelled. Servers do not hear of that and go on, as most do, unless it says
                that they stop. A request is as long at the second server as at the first.

                %s
                ## Beside what is known

                The first three strategies show that the simulator is right: all parameters of Buoyant's experiment are published. In the
                other scenarios they are ours, chosen once so that round robin, two choices and Peak EWMA come out near the figures of an
                earlier simulation, within what is expected. A figure with >= or <= is a target.

                %s
                ## Scenarios

                %s
                ## Over time

                Latencies are those of each second and its two neighbours.
                %s""".formatted(seeds, success(), latency(), hedges(), findings(), scenarios(), plots());
    }

    private String success() {
        return table(result -> percent(result.sum().successPercent()));
    }

    private String latency() {
        return table(result -> {
            Latencies latencies = result.sum().latencies();
            return millis(latencies.meanMillis()) + " / " + millis(latencies.quantileMillis(0.99)) + " / "
                    + millis(latencies.quantileMillis(0.999));
        });
    }

    private String hedges() {
        return table(Scenario::isHedged, result -> percent(result.sum().hedgedPercent()));
    }

    /** For the page about subsets. */
    String subsets() {
        return table(
                Scenario::isAboutSubsets,
                result ->
                        percent(result.busiest()) + " / " + percent(result.sum().successPercent()) + " / "
                                + millis(result.sum().latencies().quantileMillis(0.99)));
    }

    private String table(Function<Result, String> cell) {
        return table(scenario -> true, cell);
    }

    private String table(Predicate<Scenario> isIn, Function<Result, String> cell) {
        List<String> names =
                results.stream().map(r -> r.contender().name()).distinct().toList();
        String head = "| scenario | " + String.join(" | ", names) + " |\n|---|" + "---|".repeat(names.size()) + "\n";
        return scenariosOf().stream()
                .filter(isIn)
                .map(scenario -> "| " + scenario.name() + " | "
                        + of(scenario).stream().map(cell).collect(Collectors.joining(" | ")) + " |\n")
                .collect(Collectors.joining("", head, ""));
    }

    private String findings() {
        String head = "| scenario, strategy | figure | came out | expected |\n|---|---|---|---|\n";
        return results.stream()
                .flatMap(result -> result.findings(results).stream())
                .map(f -> "| " + f.name() + " | " + f.claim().figure().words() + " | "
                        + f.claim().text(f.value()) + " | " + f.claim().expected() + " |\n")
                .collect(Collectors.joining("", head, ""));
    }

    private String scenarios() {
        String head =
                "| scenario | what happens | servers | clients | requests/s | limit |\n|---|---|---|---|---|---|\n";
        return scenariosOf().stream()
                .map(s -> String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %d | %,.0f | %,.0f ms |\n",
                        s.name(),
                        s.title(),
                        s.servers(),
                        s.clients(),
                        s.rateAt(0),
                        s.limitNanos() / 1e6))
                .collect(Collectors.joining("", head, ""));
    }

    private String plots() {
        return scenariosOf().stream()
                .filter(Scenario::isPlotted)
                .map(s -> "\n![" + s.title() + ": success and latency over time](plots/" + s.name() + ".svg)\n")
                .collect(Collectors.joining());
    }

    private List<Scenario> scenariosOf() {
        return results.stream().map(Result::scenario).distinct().toList();
    }

    List<Result> of(Scenario scenario) {
        return results.stream().filter(result -> result.scenario() == scenario).toList();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }
}
