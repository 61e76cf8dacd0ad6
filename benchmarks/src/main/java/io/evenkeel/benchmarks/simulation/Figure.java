package io.evenkeel.benchmarks.simulation;

/** What is read off a recording. */
public enum Figure {
    /** Share of requests answered well and within the limit. */
    SUCCESS("answered in time", "%"),
    /** Share of requests that ended in an error or a timeout. */
    ERRORS("failed", "%"),
    /** Mean time to the answer. */
    MEAN("mean", "ms"),
    /** Share of requests that were sent a second time. */
    HEDGES("sent twice", "%");

    private final String words;
    private final String unit;

    Figure(String words, String unit) {
        this.words = words;
        this.unit = unit;
    }

    /** What it is, in words. */
    public String words() {
        return words;
    }

    double of(Recording recording) {
        return switch (this) {
            case SUCCESS -> recording.successPercent();
            case ERRORS -> recording.failedPercent();
            case MEAN -> recording.latencies().meanMillis();
            case HEDGES -> recording.hedgedPercent();
        };
    }

    String unit() {
        return unit;
    }
}
