package io.evenkeel.strategy;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Meter;

/** What one client has been through with one member. */
final class Experience implements Meter {
    private static final long DECAY_NANOS = 10_000_000_000L;

    /** Answers come in bursts, and none of a burst is to be lost: each counts as if they came at a steady pace. */
    private static final double PACE_GAIN = 0.1;

    private static final double PACE_SHARE = 1.5;
    private static final double MOST_OF_A_BURST = 0.2;

    private static final Estimate.Blend AVERAGE = (old, sample, gain) -> old + (sample - old) * gain;
    private static final Estimate.Blend RAISE = (old, sample, gain) -> Math.max(old, sample);

    private final Fleet fleet;
    private final LoadStats load;
    private final long place;
    private final Estimate latency = new Estimate(DECAY_NANOS);
    private final Waiting waiting = new Waiting();
    private volatile double weighed;
    private volatile double pace;
    private volatile int failures;

    Experience(Fleet fleet, LoadStats load, long place) {
        this.fleet = fleet;
        this.load = load;
        this.place = place;
        this.weighed = cubed(Math.max(1, fleet.median()));
    }

    /** Its place in the order of its client. */
    long place() {
        return place;
    }

    /** Picks that have not ended. */
    long inFlight() {
        return load.inFlight();
    }

    /** How long the oldest request has waited, in nanoseconds. */
    double oldestAge(long now) {
        return waiting.oldestAge(now);
    }

    /** Whether it failed last time. */
    boolean isFailing() {
        return failures > 0;
    }

    /** Whether somebody waits here for longer than usual, so that it costs more than the least. */
    boolean isWaitedFor(long now) {
        return waiting.oldestAge(now) > fleet.usualAge();
    }

    /**
     * What one more request would cost here: the latency to expect, to the power of 1.5, times the queue. As its square,
     * which compares alike and saves a root.
     *
     * @param share its part of the traffic, where 1 is the mean of all: a queue is as long as it is for its share
     */
    double squaredCost(long now, double share) {
        double queue = load.inFlight() / share + 1;
        double longerThanUsual = Math.max(1, waiting.oldestAge(now) / fleet.usualAge());
        return weigh(now) * cubed(longerThanUsual) * queue * queue;
    }

    /** A lower bound of that which needs no time: the latency as it was weighed last, and nobody who waits for long. */
    double squaredCostAtLeast() {
        double queue = (double) load.inFlight() + 1;
        return weighed * queue * queue;
    }

    /** Who is unknown counts as the median, and who is slower is forgiven by and by. */
    private double weigh(long now) {
        double weight = cubed(Math.max(1, latency.forgiven(now, fleet.median())));
        weighed = weight;
        return weight;
    }

    @Override
    public void began(long now) {
        fleet.time().saw(now);
        waiting.began(now);
    }

    @Override
    public void answered(long began, long now, Outcome outcome) {
        fleet.time().saw(now);
        waiting.answered(began);
        double took = Math.max(1.0, (double) (now - began));
        switch (outcome) {
            case SUCCESS -> succeeded(took, now);
            case FAILURE, TIMEOUT -> failed(took, now);
            case CANCELLED -> cancelled(took, now);
        }
        weigh(now);
    }

    private void succeeded(double took, long now) {
        fleet.answered(took);
        double usual = pace;
        pace = usual + (latency.gain(now) - usual) * PACE_GAIN;
        latency.add(now, Math.min(took, fleet.slowest()), leastGain(usual), AVERAGE);
        if (failures != 0) { // a write for each answer would be the dearest part of it
            failures = 0;
        }
    }

    /** A failure alone is no latency, unless it took its time; from the second in a row it must not look fast. */
    private void failed(double took, long now) {
        int inARow = failures + 1; // a lost count delays the verdict by one failure
        failures = inARow;
        if (inARow > 1) {
            latency.add(now, Math.max(took, fleet.failing(inARow)), 0, RAISE);
        } else if (took > fleet.median()) {
            latency.add(now, took, MOST_OF_A_BURST, AVERAGE);
        }
    }

    /** An answer would have taken longer still: so this may raise what is expected, and never lowers it. */
    private void cancelled(double took, long now) {
        double atLeast = Math.min(took, fleet.slowest());
        double median = fleet.median();
        if (atLeast > median && atLeast > latency.forgiven(now, median)) {
            latency.add(now, atLeast, leastGain(pace), AVERAGE);
        }
    }

    private static double leastGain(double pace) {
        return Math.min(MOST_OF_A_BURST, pace * PACE_SHARE);
    }

    private static double cubed(double value) {
        return value * value * value;
    }
}
