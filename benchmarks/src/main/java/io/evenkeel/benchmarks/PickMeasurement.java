package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.Figures.Case;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Picks against the floor and beside others. Rounds go through all benchmarks one after the other, so that a slow minute of
 * the machine falls on all alike.
 */
final class PickMeasurement {
    /** Allocation is exact but for what background threads add. */
    private static final double ALMOST_NOTHING = 0.5;

    private static final int FEW = 100;
    private static final int MANY = 10_000;

    private static final List<String> UNKEYED =
            List.of("round robin", "weighted round robin", "random", "two choices", "peak EWMA", "adaptive");
    private static final List<String> UNTIMED = List.of("round robin", "two choices");
    private static final List<String> TIMED = List.of("peak EWMA", "adaptive");
    private static final List<String> PARALLEL = List.of("round robin", "random", "two choices");
    private static final List<String> KEYED = List.of("Maglev");
    private static final List<String> UPDATED =
            List.of("round robin", "weighted round robin", "random", "two choices", "peak EWMA", "adaptive", "pinned");

    private final boolean isQuick;
    private final Figures figures;
    private boolean hasPeers;

    private PickMeasurement(boolean isQuick) {
        this.isQuick = isQuick;
        this.figures = isQuick ? new Figures(5, 5, 150) : new Figures(5, 5, 250);
    }

    static Report measure(boolean isQuick) throws RunnerException {
        PickMeasurement measurement = new PickMeasurement(isQuick);
        int rounds = isQuick ? 1 : 3;
        for (int round = 0; round < rounds; round++) {
            measurement.runOnce();
            System.err.println("round " + (round + 1) + " of " + rounds);
        }
        return measurement.report();
    }

    private void runOnce() throws RunnerException {
        List<Integer> sizes = List.of(FEW, MANY);
        figures.run("PickFloor.*", List.of(), isQuick ? List.of(FEW) : sizes, 1);
        figures.run("PickOurs.select", UNKEYED, sizes, 1);
        figures.run("PickOurs.selectKeyed", KEYED, sizes, 1);
        figures.run("PickHashing.bounded", List.of(), List.of(FEW), 1);
        figures.run("PickOurs.cycle", UNTIMED, sizes, 1);
        figures.run("PickOurs.timedCycle", TIMED, sizes, 1);
        figures.run("PickUpdate.replace", UPDATED, List.of(MANY), 1);
        figures.run("PickUpdate.replace", KEYED, sizes, 1);
        if (!isQuick) {
            figures.run("PickUpdate.removeAndAdd", UPDATED, List.of(MANY), 1);
            figures.run("PickFloor.(roundRobin|random|twoChoices)", List.of(), List.of(FEW), 2);
            figures.run("PickOurs.select", PARALLEL, List.of(FEW), 2);
            figures.run("PickOurs.selectKeyed", KEYED, List.of(FEW), 2);
            hasPeers = figures.runIfThere("Peer.*\\..*", List.of(FEW), 1);
        }
    }

    private Report report() {
        Report report =
                new Report("Picks, 100 members, 1 thread unless it says otherwise: time in floors by hand, bytes");
        held(report, select("round robin"), "roundRobin", 1.3, 0);
        held(report, select("random"), "random", 1.2, 0);
        held(report, select("weighted round robin"), "roundRobin", 4, 0);
        held(report, select("two choices"), "twoChoices", 1.2, 0);
        held(report, select("peak EWMA"), "twoChoices", 2.5, 0);
        held(report, select("adaptive"), "twoChoices", 6, 0);
        held(report, ours("selectKeyed", "Maglev"), "roundRobin", 3, 0);
        held(report, new Case("PickHashing.bounded", "", FEW, 1), "roundRobin", 8, 0);
        held(report, ours("cycle", "round robin"), "roundRobinCycle", 1.4, 32);
        held(report, ours("cycle", "two choices"), "twoChoicesCycle", 1.4, 32);
        held(report, ours("timedCycle", "peak EWMA"), "timedTwoChoicesCycle", 1.6, 32);
        held(report, ours("timedCycle", "adaptive"), "timedTwoChoicesCycle", Double.NaN, 32);
        figures.casesOf("PickOurs.").stream().filter(c -> c.members() == MANY).forEach(c -> atMany(report, c));
        updates(report);
        if (!isQuick) {
            parallel(report);
            peers(report);
        }
        return report;
    }

    private static Case select(String strategy) {
        return ours("select", strategy);
    }

    private static Case ours(String benchmark, String strategy) {
        return new Case("PickOurs." + benchmark, strategy, FEW, 1);
    }

    private static Case floor(String benchmark) {
        return new Case("PickFloor." + benchmark, "", FEW, 1);
    }

    /** Against a floor; a limit that is no number is none. */
    private void held(Report report, Case ours, String floor, double limit, int bytes) {
        double our = figures.time(ours);
        double low = figures.time(floor(floor));
        String reads = format("%.1f ns, floor %s %.1f ns", our, floor, low);
        if (Double.isNaN(limit)) {
            report.toRead(name(ours), reads, our / low);
        } else {
            report.atMost(name(ours), reads, our / low, limit);
        }
        double allocated = figures.bytes(ours);
        report.atMost(name(ours) + ", bytes", format("%.1f B", allocated), allocated, bytes + ALMOST_NOTHING);
    }

    private void atMany(Report report, Case many) {
        double few = figures.time(many.with(FEW));
        double lot = figures.time(many);
        report.atMost(name(many), format("%.1f ns, %d members %.1f ns", lot, FEW, few), lot / few, 1.5);
    }

    private void updates(Report report) {
        for (Case update : figures.casesOf("PickUpdate.")) {
            double millis = figures.time(update);
            String reads = format("%.3f ms, %.0f KB", millis, figures.bytes(update) / 1000);
            boolean isKeyed = KEYED.contains(update.strategy());
            double limit = isKeyed ? (update.members() == MANY ? 100 : 5) : 0.1;
            report.atMost(name(update) + ", ms", reads, millis, limit);
        }
    }

    private void parallel(Report report) {
        double floor = figures.time(new Case("PickFloor.roundRobin", "", FEW, 2));
        for (Case pair : figures.casesOf("PickOurs.")) {
            if (pair.threads() == 2) {
                double two = figures.time(pair);
                double one = figures.time(new Case(pair.benchmark(), pair.strategy(), FEW, 1));
                String reads = format("%.1f ns in each of 2 threads, 1 thread %.1f ns", two, one);
                if (pair.strategy().equals("round robin")) {
                    // Both threads wait for one counter, here and there.
                    report.atMost(name(pair) + ", time", reads + format(", floor %.1f ns", floor), two / floor, 1.3);
                } else {
                    report.atLeast(name(pair) + ", throughput", reads, 2 * one / two, 1.6);
                }
            }
        }
    }

    private void peers(Report report) {
        if (!hasPeers) {
            report.toRead("peers", "not built: mvn -Ppeers", Double.NaN);
        }
        for (Case peer : figures.casesOf("Peer")) {
            boolean isCycle = peer.benchmark().endsWith("ycle");
            String floor = isCycle ? "twoChoicesCycle" : "roundRobin";
            double time = figures.time(peer);
            double low = figures.time(floor(floor));
            String reads = format("%.1f ns, %.0f B, floor %s %.1f ns", time, figures.bytes(peer), floor, low);
            report.toRead(peer.benchmark().replaceFirst("Peer", "") + " " + peer.strategy(), reads, time / low);
        }
    }

    private static String name(Case of) {
        String benchmark = of.benchmark().substring(of.benchmark().indexOf('.') + 1);
        String what = switch (benchmark) {
            case "cycle" -> "pick and report";
            case "timedCycle" -> "pick, responded, report";
            case "replace" -> "replace one";
            case "removeAndAdd" -> "remove and add one";
            case "bounded" -> "select, bounded Maglev";
            default -> "select";
        };
        return what
                + (of.strategy().isEmpty() ? "" : ", " + of.strategy())
                + (of.members() == MANY ? ", 10,000 members" : "")
                + (of.threads() == 2 ? ", 2 threads" : "");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
