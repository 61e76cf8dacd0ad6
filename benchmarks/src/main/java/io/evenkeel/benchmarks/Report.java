package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table of figures beside their limits. */
final class Report {
    /** One figure; a limit of infinity is a figure to read and not to hold. */
    private record Cell(String name, String reads, double value, double limit) {
        boolean isHeld() {
            return value <= limit;
        }
    }

    private final String title;
    private final List<Cell> cells = new ArrayList<>();

    Report(String title) {
        this.title = title;
    }

    /** Adds a figure that must not be above its limit; {@code reads} says what was measured in words. */
    void atMost(String name, String reads, double value, double limit) {
        cells.add(new Cell(name, reads, value, limit));
    }

    boolean isShort() {
        return cells.stream().anyMatch(cell -> !cell.isHeld());
    }

    String table() {
        int width = cells.stream().mapToInt(c -> c.name().length()).max().orElse(0);
        String format = "| %-" + width + "s | %-44s | %8.2f | %8.2f | %-5s |";
        String head = String.format(
                Locale.ROOT,
                "| %-" + width + "s | %-44s | %8s | %8s | %-5s |",
                "cell",
                "measured",
                "value",
                "at most",
                "");
        String rule = head.replaceAll("[^|]", "-");
        return cells.stream()
                .map(c -> String.format(
                        Locale.ROOT, format, c.name(), c.reads(), c.value(), c.limit(), c.isHeld() ? "" : "SHORT"))
                .collect(Collectors.joining("\n", title + "\n\n" + head + "\n" + rule + "\n", "\n"));
    }

    String verdict() {
        List<String> missed =
                cells.stream().filter(c -> !c.isHeld()).map(Cell::name).toList();
        int held = cells.size() - missed.size();
        return missed.isEmpty()
                ? "PASS " + held + "/" + cells.size()
                : "SHORT " + held + "/" + cells.size() + ": " + String.join(", ", missed);
    }
}
