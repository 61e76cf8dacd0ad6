package io.evenkeel.strategy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The hints to choose from: a few places, each changed in one step and without a lock. Who is overtaken by another thread
 * looks again; what two threads leave behind at worst is two hints about one member.
 */
final class Hints {
    /** Without a choice between two, chance spreads better. */
    private static final int LEAST = 2;

    /** Somebody else was quicker each time: then there is no lack of hints. */
    private static final int ATTEMPTS = 16;

    private final AtomicReferenceArray<@Nullable Hint> places = new AtomicReferenceArray<>(PrequalSettings.MOST);
    private final AtomicInteger removals = new AtomicInteger();
    private final RecentLoads loads;
    private final long maxAgeNanos;
    private volatile int most = LEAST;

    Hints(double hotQuantile, long maxAgeNanos) {
        this.loads = new RecentLoads(hotQuantile);
        this.maxAgeNanos = maxAgeNanos;
    }

    /** Keeps no more than so many, and only those about whom is still there. */
    void keep(int most, Predicate<Probed> isThere) {
        this.most = most;
        for (int i = 0; i < places.length(); i++) {
            Hint hint = places.get(i);
            if (hint != null && (i >= most || !isThere.test(hint.about()))) {
                places.compareAndSet(i, hint, null);
            }
        }
    }

    /** In the place of an older hint about the same member, else in a free one, else in that of the oldest. */
    void add(Hint hint) {
        loads.add(hint.load());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int place = placeFor(hint);
            Hint old = places.get(place);
            if (old != null && old.askedAt() - hint.askedAt() > 0) {
                return;
            }
            if (places.compareAndSet(place, old, hint)) {
                return;
            }
        }
    }

    private int placeFor(Hint hint) {
        int free = -1;
        int oldest = 0;
        long oldestAskedAt = Long.MAX_VALUE;
        for (int i = 0; i < most; i++) {
            Hint other = places.get(i);
            if (other == null) {
                free = i;
            } else if (other.about() == hint.about()) {
                return i;
            } else if (other.askedAt() - hint.askedAt() < oldestAskedAt) {
                oldest = i;
                oldestAskedAt = other.askedAt() - hint.askedAt();
            }
        }
        return free >= 0 ? free : oldest;
    }

    /**
     * The best that the context allows; null if there is none, or too little to choose from.
     *
     * @param chance where to begin: among equals the first one is taken
     */
    @Nullable
    Hint best(long now, PickContext context, long chance) {
        double hotAbove = loads.hotAbove();
        int limit = most;
        int start = Mix.reduce(chance, limit);
        int known = 0;
        Hint best = null;
        for (int i = 0; i < limit; i++) {
            int place = start + i < limit ? start + i : start + i - limit;
            Hint hint = places.get(place);
            if (hint == null) {
                continue;
            }
            if (isTooOld(hint, now)) {
                places.compareAndSet(place, hint, null);
            } else if (!hint.about().isAvoided(now)) {
                known++;
                if (hint.about().isAllowed(context) && (best == null || hint.isBetterThan(best, hotAbove))) {
                    best = hint;
                }
            }
        }
        return known < LEAST ? null : best;
    }

    private boolean isTooOld(Hint hint, long now) {
        return now - hint.askedAt() > maxAgeNanos;
    }

    void remove(Hint hint) {
        for (int i = 0; i < places.length(); i++) {
            places.compareAndSet(i, hint, null);
        }
    }

    /** The oldest and the worst in turn, so that neither what is outdated nor what nobody uses fills all places. */
    void removeOne(long now) {
        boolean isByAge = (removals.getAndIncrement() & 1) == 0;
        double hotAbove = loads.hotAbove();
        int known = 0;
        Hint last = null;
        for (int i = 0; i < most; i++) {
            Hint hint = places.get(i);
            if (hint != null) {
                known++;
                last = last == null || isBehind(hint, last, isByAge, hotAbove, now) ? hint : last;
            }
        }
        if (last != null && known > LEAST) {
            remove(last);
        }
    }

    private static boolean isBehind(Hint hint, Hint last, boolean isByAge, double hotAbove, long now) {
        if (isByAge) {
            return hint.askedAt() - last.askedAt() < 0;
        }
        boolean isAvoided = hint.about().isAvoided(now);
        return isAvoided == last.about().isAvoided(now) ? last.isBetterThan(hint, hotAbove) : isAvoided;
    }

    /** How many there are. */
    int count() {
        int count = 0;
        for (int i = 0; i < places.length(); i++) {
            count += places.get(i) == null ? 0 : 1;
        }
        return count;
    }
}
