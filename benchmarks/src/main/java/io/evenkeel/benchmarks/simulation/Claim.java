package io.evenkeel.benchmarks.simulation;

/**
 * What a figure of a contender must be. One whose contender does not take part is not asked.
 *
 * @param contender its name
 * @param tolerance how far a figure that is to be reproduced may be off; 0 for limits
 */
public record Claim(String contender, Figure figure, Kind kind, double value, double tolerance) {

    /** How a figure is held against the value. */
    public enum Kind {
        /** Known from elsewhere: the simulator is right if it comes out alike. */
        REPRODUCES,
        /** A target. */
        AT_LEAST,
        /** A target. */
        AT_MOST
    }

    static Claim reproduces(Contender contender, double value, double tolerance) {
        return new Claim(contender.name(), Figure.SUCCESS, Kind.REPRODUCES, value, tolerance);
    }

    static Claim atLeast(String contender, double value) {
        return new Claim(contender, Figure.SUCCESS, Kind.AT_LEAST, value, 0);
    }

    static Claim atMost(String contender, Figure figure, double value) {
        return new Claim(contender, figure, Kind.AT_MOST, value, 0);
    }
}
