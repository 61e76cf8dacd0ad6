package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.random.RandomGenerator;

/**
 * Draws seven different members of equal weight, and takes the one where one more request costs least.
 *
 * <p>Under heavy traffic most picks go by lower bounds, which are cheap: if nobody waits for long at the member with the
 * least of them, it has the least cost, too. Once a millisecond a pick looks closely, and brings the bounds up to date.
 */
final class LeastCost implements Selector {
    static final int CHOICES = 7;

    /** Of a draw of 64 bits, each candidate has eight. */
    private static final int OFFSET_BITS = 8;

    private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;

    private final Fleet fleet;
    private final Aperture aperture;
    private final RandomGenerator random;
    private final Member[] members;
    private final Experience[] experiences;
    private final int width;
    private final int choices;
    private final int stretch;

    /** Among the first {@code width} of these members. */
    LeastCost(Fleet fleet, Aperture aperture, RandomGenerator random, Acquaintance known, int width) {
        this.fleet = fleet;
        this.aperture = aperture;
        this.random = random;
        this.members = known.members();
        this.experiences = known.experiences();
        this.width = width;
        this.choices = Math.min(CHOICES, width);
        this.stretch = width / choices;
    }

    @Override
    public Member select(PickContext context) {
        int start = Mix.reduce(random.nextLong(), width);
        long offsets = random.nextLong();
        long now = fleet.time().now();
        if (!fleet.isDue(now)) {
            int best = cheapest(start, offsets);
            if (!experiences[best].isWaitedFor(now)) {
                return members[best];
            }
        }
        int best = closely(start, offsets, now);
        aperture.chose(experiences[best]);
        return members[best];
    }

    private int cheapest(int start, long offsets) {
        int best = start;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < choices; i++) {
            int at = candidate(i, start, offsets);
            double cost = experiences[at].squaredCostAtLeast();
            best = cost < least ? at : best;
            least = Math.min(cost, least);
        }
        return best;
    }

    private int closely(int start, long offsets, long now) {
        int best = start;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < choices; i++) {
            int at = candidate(i, start, offsets);
            double cost = experiences[at].squaredCost(now, 1);
            fleet.waits(experiences[at].oldestAge(now));
            if (cost < least) {
                best = at;
                least = cost;
            }
        }
        return best;
    }

    /** Somewhere in a stretch of its own. However uneven within, the start makes each member as likely as any. */
    private int candidate(int number, int start, long offsets) {
        long offset = offsets >>> (number * OFFSET_BITS) & OFFSET_MASK;
        int at = start + number * stretch + (int) ((offset * stretch) >>> OFFSET_BITS);
        return at < width ? at : at - width;
    }
}
