package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.forward.Bench;
import io.evenkeel.benchmarks.forward.Contender;
import io.evenkeel.benchmarks.forward.Slice;
import io.evenkeel.benchmarks.forward.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Our forwarder beside HAProxy and nginx: one run, rounds through all of them whose order turns, and a figure is the ratio of
 * two medians over the rounds. What is not installed is left out, and said to be.
 */
final class ForwardMeasurement {
    private static final int IDLE_CONNECTIONS = 4_000;
    private static final double IDLE_KIB = 8;

    private final Map<Work, Map<Contender, List<Slice>>> slices = new EnumMap<>(Work.class);
    private final List<Contender> contenders =
            Arrays.stream(Contender.values()).filter(Contender::isInstalled).toList();
    private final List<Work> works;
    private double idleKib;

    private ForwardMeasurement(String only) {
        works = Arrays.stream(Work.values())
                .filter(work -> work.words().startsWith(only))
                .toList();
    }

    static Report measure(boolean isQuick, String only) throws Exception {
        ForwardMeasurement figures = new ForwardMeasurement(only);
        if (isQuick) {
            figures.run(2, 1_000, 4_500);
        } else {
            figures.run(7, 3_000, 8_000);
        }
        return figures.report();
    }

    private void run(int rounds, int millis, int warmUpMillis) throws IOException, InterruptedException {
        try (Bench fresh = new Bench(List.of(Contender.OURS))) {
            idleKib = fresh.idleKib(Contender.OURS, IDLE_CONNECTIONS);
        }
        try (Bench bench = new Bench(contenders)) {
            for (Work work : works) {
                // By the load that is most, so that the compiler is done before a rate that is not.
                Work warm = work == Work.RATE ? Work.REQUESTS : work;
                for (Contender contender : competitors(work)) {
                    bench.run(contender, warm, contender == Contender.OURS ? warmUpMillis : millis / 2);
                }
                for (int round = 0; round < rounds; round++) {
                    runRound(bench, work, round, millis);
                }
            }
        }
    }

    private void runRound(Bench bench, Work work, int round, int millis) throws IOException {
        List<Contender> order = competitors(work);
        for (int i = 0; i < order.size(); i++) {
            Contender contender = order.get((i + round) % order.size());
            slices.computeIfAbsent(work, w -> new EnumMap<>(Contender.class))
                    .computeIfAbsent(contender, c -> new ArrayList<>())
                    .add(bench.run(contender, work, millis));
        }
    }

    private List<Contender> competitors(Work work) {
        return contenders.stream().filter(c -> c.does(work)).toList();
    }

    private Report report() {
        List<String> missing = Arrays.stream(Contender.values())
                .filter(c -> !contenders.contains(c))
                .map(Contender::words)
                .toList();
        Report report =
                new Report("The forwarder beside others, over loopback, load and backends on the same processors"
                        + (missing.isEmpty() ? "" : "; NOT INSTALLED: " + String.join(", ", missing)));
        for (Work work : works) {
            for (Contender peer : competitors(work)) {
                if (peer != Contender.OURS) {
                    compare(report, work, peer);
                }
            }
        }
        report.atMost("memory", "KiB for each of " + IDLE_CONNECTIONS + " idle connections", idleKib, IDLE_KIB);
        return report;
    }

    private void compare(Report report, Work work, Contender peer) {
        boolean isHaproxy = peer == Contender.HAPROXY;
        String cell = work.words() + " / " + peer.words() + ", ";
        if (work == Work.RATE) {
            double ours = median(work, Contender.OURS, Slice::p99Micros);
            double theirs = median(work, peer, Slice::p99Micros);
            report.atMost(cell + "p99", words("%.0f and %.0f µs", ours, theirs), ours / theirs, 1.5);
            report.toRead(cell + "CPU", costs(work, peer), ratio(work, peer, s -> s.cost(work)));
            return;
        }
        double limit = switch (work) {
            case REQUESTS -> isHaproxy ? 1.00 : 1.05;
            case CONNECTIONS -> isHaproxy ? 1.05 : 1.12;
            case STREAM, STREAMS -> isHaproxy ? 0.85 : 0.60;
            case RATE, DATAGRAMS -> 1.05;
        };
        report.atMost(cell + "CPU", costs(work, peer), ratio(work, peer, s -> s.cost(work)), limit);
        double ours = median(work, Contender.OURS, Slice::perSecond);
        double theirs = median(work, peer, Slice::perSecond);
        String speeds = work.isBulk()
                ? words("%.2f and %.2f GB/s", ours / 1e9, theirs / 1e9)
                : words("%.0f and %.0f a second", ours, theirs);
        if (work == Work.DATAGRAMS) {
            report.toRead(cell + "throughput", speeds, ours / theirs);
        } else {
            report.atLeast(cell + "throughput", speeds, ours / theirs, isHaproxy ? 0.97 : 0.95);
        }
    }

    private String costs(Work work, Contender peer) {
        return words(
                work.isBulk() ? "%.3f and %.3f s/GB" : "%.1f and %.1f µs",
                median(work, Contender.OURS, s -> s.cost(work)),
                median(work, peer, s -> s.cost(work)));
    }

    private static String words(String format, double ours, double theirs) {
        return String.format(Locale.ROOT, format, ours, theirs);
    }

    private double ratio(Work work, Contender peer, ToDoubleFunction<Slice> figure) {
        return median(work, Contender.OURS, figure) / median(work, peer, figure);
    }

    private double median(Work work, Contender of, ToDoubleFunction<Slice> figure) {
        double[] sorted =
                slices.get(work).get(of).stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
