package io.evenkeel.health;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.pool.LoadStats;

/** What a member was given to do since its last probe, and whether that makes the next one needless. */
final class TrafficSeen {
    private final LoadStats load;
    private long picks;
    private long successes;
    private long blames;
    private int spared;
    private long askedAtNanos;

    TrafficSeen(LoadStats load) {
        this.load = load;
    }

    /** Whether picks that went well can take the place of a probe. If so, they have done so. */
    boolean spares(LiveTraffic policy) {
        if (policy.sparingSuccesses() == 0 || spared >= policy.maxSpared()) {
            return false;
        }
        long good = successes;
        long bad = blames;
        look();
        if (successes - good < policy.sparingSuccesses() || blames > bad) {
            return false; // what was looked at belongs to the probe that follows
        }
        spared++;
        return true;
    }

    /** Whether there were no picks, and the last probe is not so long ago that one is due all the same. */
    boolean isIdle(LiveTraffic policy, long nowNanos, long intervalNanos) {
        // To the nearest step: intervals vary, and a hair's breadth must not cost a whole one.
        long since = nowNanos - askedAtNanos + intervalNanos / 2;
        return load.picks() == picks && since < NANOSECONDS.convert(policy.intervalWhenIdle());
    }

    /** When the last real probe began. */
    long askedAtNanos() {
        return askedAtNanos;
    }

    /** A real probe begins. */
    void asked(long nowNanos) {
        askedAtNanos = nowNanos;
        spared = 0;
        look();
    }

    private void look() {
        picks = load.picks();
        successes = load.successes();
        blames = blames();
    }

    private long blames() {
        return load.failures() + load.timeouts();
    }
}
