package io.evenkeel.strategy;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Meter;

/** What one client has been through with one member. */
final class Experience implements Meter {
    /** More than any cost that is measured, and still ordered by what is in flight. */
    static final double OUT_OF_THE_QUESTION = 1e60;

    private static final long DECAY_NANOS = 10_000_000_000L;
    private static final double LEAST_GAIN = 0.1;

    private static final Estimate.Blend ROBUST =
            (old, sample, kept) -> old + (sample - old) * Math.max(LEAST_GAIN, 1 - kept);
    private static final Estimate.Blend RAISE = (old, sample, kept) -> Math.max(old, sample);
    private static final Estimate.Blend REPLACE = (old, sample, kept) -> sample;

    /** After a stall, one request goes ahead of the others. */
    private enum Trial {
        NONE,
        WANTED,
        RUNNING
    }

    private final Fleet fleet;
    private final LoadStats load;
    private final long place;
    private final Estimate estimate = new Estimate(DECAY_NANOS);
    private final Waiting waiting = new Waiting();
    private volatile double weighed;
    private volatile Trial trial = Trial.NONE;
    private volatile boolean hasStalled;
    private volatile long wokeUp;
    private volatile long heard;
    private volatile int failures;
    private volatile boolean wasOutlier;

    Experience(Fleet fleet, LoadStats load, long place) {
        this.fleet = fleet;
        this.load = load;
        this.place = place;
        this.weighed = cubed(fleet.median());
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
    boolean isDoubtful() {
        return failures > 0;
    }

    /**
     * What one more request would cost here: the latency to expect, to the power of 1.5, times the queue. As its square,
     * which compares alike and saves a root.
     *
     * @param share its part of the traffic, where 1 is the mean of all: a queue is as long as it is for its share
     */
    double squaredCost(long now, double share) {
        double queue = load.inFlight() / share + 1;
        return weigh(now) * cubed(patience(now)) * queue * queue;
    }

    /** A lower bound of that which looks at no clock: the latency as it was weighed last, and nobody who waits. */
    double squaredCostAtLeast() {
        double queue = (double) load.inFlight() + 1;
        return weighed * queue * queue;
    }

    /** Whether somebody waits here for longer than usual, so that it costs more than the least. */
    boolean isWaitedFor(long now) {
        return waiting.oldestAge(now) > fleet.usualAge();
    }

    private double weigh(long now) {
        double median = fleet.median();
        boolean isOut = trial == Trial.RUNNING || isStalled(now);
        double now3 = isOut ? OUT_OF_THE_QUESTION : median == 0 ? 1 : cubed(estimate.forgiven(now, median));
        weighed = now3;
        return now3;
    }

    private double patience(long now) {
        return Math.max(1, waiting.oldestAge(now) / fleet.usualAge());
    }

    /** Silent, although it was well and somebody waits: it stands still rather than being slow. */
    private boolean isStalled(long now) {
        double limit = fleet.stall();
        return waiting.oldestAge(now) >= limit
                && now - heard >= limit
                && estimate.forgiven(now, fleet.median()) < 2 * fleet.median();
    }

    @Override
    public void began(long now) {
        fleet.time().saw(now);
        waiting.began(now);
        if (heard == 0) {
            heard = now;
        }
        if (trial == Trial.WANTED) {
            trial = Trial.RUNNING;
            weighed = OUT_OF_THE_QUESTION;
        }
    }

    @Override
    public void answered(long began, long now, Outcome outcome) {
        fleet.time().saw(now);
        boolean isHeard = outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE;
        if (isHeard) {
            hear(now);
        }
        waiting.answered(began);
        boolean wasAlone = trial == Trial.RUNNING;
        if (outcome == Outcome.CANCELLED) {
            if (wasAlone) {
                trial = Trial.WANTED;
            }
        } else if (!isHeard || !hasStalled || began - wokeUp >= 0) {
            learn(Math.max(1.0, (double) (now - began)), now, outcome == Outcome.SUCCESS, wasAlone);
            if (wasAlone) {
                trial = Trial.NONE;
            }
        } // else it waited for a stall to end, which says nothing about what is now
        weigh(now);
    }

    private void hear(long now) {
        if (trial == Trial.NONE && isStalled(now)) {
            wokeUp = now;
            hasStalled = true;
            trial = Trial.WANTED;
        }
        heard = now;
    }

    private void learn(double latency, long now, boolean isGood, boolean wasAlone) {
        if (!isGood) {
            fail(latency, now, wasAlone);
            return;
        }
        double high = fleet.high();
        fleet.answered(latency);
        boolean isOutlier = high > 0 && latency > high;
        double sample = isOutlier && !wasOutlier && !wasAlone ? high : latency;
        estimate.add(now, sample, wasAlone ? REPLACE : ROBUST);
        // Written only if it differs: a write for each answer would be the dearest part of it.
        if (isOutlier != wasOutlier) {
            wasOutlier = isOutlier;
        }
        if (failures != 0) {
            failures = 0;
        }
    }

    /** A failure alone is no latency, unless it took its time; the second in a row must not look fast. */
    private void fail(double latency, long now, boolean wasAlone) {
        int inARow = failures + 1; // a lost count delays the verdict by one failure
        failures = inARow;
        if (inARow > 1 || wasAlone) {
            estimate.add(now, Math.max(latency, fleet.failing(inARow)), RAISE);
        } else if (latency > fleet.median()) {
            estimate.add(now, latency, ROBUST);
        }
    }

    private static double cubed(double value) {
        return value * value * value;
    }
}
