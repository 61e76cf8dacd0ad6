package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws seven members by their weights, so that idle ones share by weight, and takes the one where one more request costs
 * least for its weight. The same may be drawn twice: if it could not, heavy members would get less than their share.
 */
final class LeastCostByWeight implements Selector {
    private final Fleet fleet;
    private final Aperture aperture;
    private final RandomGenerator random;
    private final Member[] members;
    private final Experience[] experiences;
    private final AliasTable table;
    private final double meanWeight;

    /** Among the first {@code width} of these members. */
    LeastCostByWeight(Fleet fleet, Aperture aperture, RandomGenerator random, Acquaintance known, int width) {
        this.fleet = fleet;
        this.aperture = aperture;
        this.random = random;
        this.members = known.members();
        this.experiences = known.experiences();
        int[] weights = Weights.of(Arrays.copyOf(members, width));
        this.table = AliasTable.of(weights);
        this.meanWeight = Arrays.stream(weights).average().orElseThrow();
    }

    @Override
    public Member select(PickContext context) {
        long now = fleet.time().now();
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LeastCost.CHOICES; i++) {
            int at = table.draw(random);
            fleet.waits(experiences[at].oldestAge(now));
            double cost = experiences[at].squaredCost(now, members[at].weight() / meanWeight);
            if (cost < least) {
                best = at;
                least = cost;
            }
        }
        aperture.chose(experiences[best]);
        return members[best];
    }
}
