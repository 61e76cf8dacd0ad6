package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table of figures beside their limits. */
final class Report {
    /** One figure, and what it is held against. */
    private record Cell(String name, String reads, double value, String limit, boolean isHeld) {}

    private static final String NO_LIMIT = "";

    private final String title;
    private final String skipped;
    private final List<Cell> cells = new ArrayList<>();

    Report(String title) {
        this(title, "");
    }

    private Report(String title, String skipped) {
        this.title = title;
        this.skipped = skipped;
    }

    /** For a measurement that cannot be made here, and says why. */
    static Report skipped(String why) {
        return new Report("", why);
    }

    /**
     * Adds a figure that must not be above its limit; {@code reads} says what was measured in words.
     */
    void atMost(String name, String reads, double value, double limit) {
        add(name, reads, value, String.format(Locale.ROOT, "<= %.2f", limit), value <= limit);
    }

    /** Adds a figure that must not be below its limit. */
    void atLeast(String name, String reads, double value, double limit) {
        add(name, reads, value, String.format(Locale.ROOT, ">= %.2f", limit), value >= limit);
    }

    /** Adds a figure to read, which is held against nothing. */
    void toRead(String name, String reads, double value) {
        add(name, reads, value, NO_LIMIT, true);
    }

    /** Adds a figure that is known from elsewhere, and must come out alike. */
    void near(String name, String reads, double value, double expected, double tolerance) {
        String limit = String.format(Locale.ROOT, "%.2f ± %.2f", expected, tolerance);
        add(name, reads, value, limit, Math.abs(value - expected) <= tolerance);
    }

    private void add(String name, String reads, double value, String limit, boolean isHeld) {
        cells.add(new Cell(name, reads, value, limit, isHeld));
    }

    boolean isShort() {
        return cells.stream().anyMatch(cell -> !cell.isHeld());
    }

    String table() {
        if (!skipped.isEmpty()) {
            return "";
        }
        int width = cells.stream().mapToInt(c -> c.name().length()).max().orElse(0);
        int reading = cells.stream().mapToInt(c -> c.reads().length()).max().orElse(0);
        String columns = "| %-" + width + "s | %-" + reading + "s | ";
        String format = columns + "%8.2f | %14s | %-5s |";
        String head = String.format(
                Locale.ROOT, columns + "%8s | %14s | %-5s |", "cell", "measured", "value", "expected", "");
        String rule = head.replaceAll("[^|]", "-");
        return cells.stream()
                .map(c -> String.format(
                        Locale.ROOT, format, c.name(), c.reads(), c.value(), c.limit(), c.isHeld() ? "" : "SHORT"))
                .collect(Collectors.joining("\n", title + "\n\n" + head + "\n" + rule + "\n", "\n"));
    }

    String verdict() {
        if (!skipped.isEmpty()) {
            return "SKIP: " + skipped;
        }
        List<String> missed =
                cells.stream().filter(c -> !c.isHeld()).map(Cell::name).toList();
        long limits = cells.stream().filter(c -> !c.limit().equals(NO_LIMIT)).count();
        long held = limits - missed.size();
        return missed.isEmpty()
                ? "PASS " + held + "/" + limits
                : "SHORT " + held + "/" + limits + ": " + String.join(", ", missed);
    }
}
