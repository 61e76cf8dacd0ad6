package io.evenkeel.strategy;

import java.util.concurrent.atomic.AtomicInteger;

/** What one member has told of its load, and for how many picks that is good. */
final class Hint {
    private final Probed about;
    private final long inFlight;
    private final long latencyNanos;
    private final long askedAt;
    private final int mostUses;
    private final AtomicInteger uses = new AtomicInteger();

    Hint(Probed about, long inFlight, long latencyNanos, long askedAt, int mostUses) {
        this.about = about;
        this.inFlight = inFlight;
        this.latencyNanos = latencyNanos;
        this.askedAt = askedAt;
        this.mostUses = mostUses;
    }

    Probed about() {
        return about;
    }

    long askedAt() {
        return askedAt;
    }

    /** Uses it for one pick; false if others have used it up. */
    boolean use() {
        int before;
        do {
            before = uses.get();
            if (before >= mostUses) {
                return false;
            }
        } while (!uses.compareAndSet(before, before + 1));
        return true;
    }

    boolean isUsedUp() {
        return uses.get() >= mostUses;
    }

    /** Requests in flight for its share of the traffic, with those that this client has sent since. */
    double load() {
        return ((double) inFlight + uses.get()) / about.share();
    }

    /** Cold before hot; of two that are cold, the quicker; of two that are hot, the one with less in flight. */
    boolean isBetterThan(Hint other, double hotAbove) {
        double mine = load();
        double its = other.load();
        boolean isHot = mine > hotAbove;
        if (isHot != its > hotAbove) {
            return !isHot;
        }
        boolean isByLoad = isHot || latencyNanos == other.latencyNanos;
        return isByLoad ? mine < its : latencyNanos < other.latencyNanos;
    }
}
