package io.evenkeel.examples;

import io.evenkeel.pool.PoolSnapshot;
import java.util.List;

/** Machines and their load as it is: drawn over itself on a terminal, and printed whenever a state changes elsewhere. */
final class LoadTable {
    private static final String LINE = "  %-8s %-10s %10s %8s %10s%n";
    private static final long SHORTEST_NANOS = 900_000_000; // what a rate is measured over

    private final boolean isTerminal;
    private final MemberRates reader;
    private long readAt = System.nanoTime();
    private String up = "";
    private String shownStates = "";

    LoadTable(boolean isTerminal, PoolSnapshot snapshot) {
        this.isTerminal = isTerminal;
        this.reader = new MemberRates(snapshot, readAt);
    }

    /** What was drawn last stays, and the next goes below. */
    void startAnew() {
        up = "";
        shownStates = "";
    }

    void show(PoolSnapshot snapshot) {
        long now = System.nanoTime();
        if (now - readAt < SHORTEST_NANOS) {
            return;
        }
        List<MemberRates.Rate> rates = reader.read(snapshot, now);
        readAt = now;
        String states =
                rates.stream().map(rate -> rate.id() + rate.state()).toList().toString();
        if (isTerminal) {
            String text = of(rates);
            System.out.print(up + text.replace("\n", "\033[K\n") + "\033[J"); // and what was there below goes
            up = "\033[" + text.lines().count() + "A";
        } else if (!states.equals(shownStates)) {
            System.out.print(of(rates));
        }
        shownStates = states;
    }

    /** A line for each machine, and one for all. */
    static String of(List<MemberRates.Rate> rates) {
        StringBuilder text = new StringBuilder(String.format(LINE, "VM", "state", "in flight", "rate/s", "latency"));
        long inFlight = 0;
        double perSecond = 0;
        for (MemberRates.Rate rate : rates) {
            text.append(String.format(
                    LINE,
                    rate.id(),
                    rate.state(),
                    rate.inFlight(),
                    Math.round(rate.perSecond()),
                    rate.latency().isZero() ? "-" : rate.latency().toMillis() + " ms"));
            inFlight += rate.inFlight();
            perSecond += rate.perSecond();
        }
        return text + String.format(LINE, "all " + rates.size(), "", inFlight, Math.round(perSecond), "");
    }
}
