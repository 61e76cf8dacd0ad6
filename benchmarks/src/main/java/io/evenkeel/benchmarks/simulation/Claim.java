package io.evenkeel.benchmarks.simulation;

import java.util.Locale;

/**
 * What a figure of a contender must be. One whose contender does not take part is not asked.
 *
 * @param contender its name
 * @param value the figure, or its ratio to that of the other contender
 * @param comparedTo the name of that other contender; empty where the figure counts by itself
 * @param tolerance how far a figure that is to be reproduced may be off; 0 for limits
 */
public record Claim(String contender, Figure figure, Kind kind, double value, double tolerance, String comparedTo) {

    /** How a figure is held against the value. */
    public enum Kind {
        /** Known from elsewhere: the simulator is right if it comes out alike. */
        REPRODUCES,
        /** A target. */
        AT_LEAST,
        /** A target. */
        AT_MOST
    }

    static Claim reproduces(Contender contender, Figure figure, double value, double tolerance) {
        return new Claim(contender.name(), figure, Kind.REPRODUCES, value, tolerance, "");
    }

    static Claim atLeast(Contender contender, Figure figure, double value) {
        return new Claim(contender.name(), figure, Kind.AT_LEAST, value, 0, "");
    }

    static Claim atMost(Contender contender, Figure figure, double value) {
        return new Claim(contender.name(), figure, Kind.AT_MOST, value, 0, "");
    }

    /** Not more than the same figure of another contender. */
    static Claim atMostAs(Contender other, Contender contender, Figure figure) {
        return new Claim(contender.name(), figure, Kind.AT_MOST, 1, 0, other.name());
    }

    /** The value as it reads in a table. */
    String expected() {
        return switch (kind) {
            case REPRODUCES -> text(value) + " ± " + plain(tolerance);
            case AT_LEAST -> ">= " + text(value);
            case AT_MOST -> "<= " + text(value);
        };
    }

    /** A figure as it reads in a table, beside its unit or the contender it is compared to. */
    String text(double figureValue) {
        return plain(figureValue) + (comparedTo.isEmpty() ? " " + figure.unit() : " x " + comparedTo);
    }

    private static String plain(double number) {
        return String.format(Locale.ROOT, "%.3f", number).replaceAll("0$", "");
    }
}
