package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks through an aperture at what one more request would cost at each of seven candidates. */
final class Adaptive implements SelectionStrategy {
    private final Fleet fleet = new Fleet();
    private final Aperture aperture = new Aperture();
    private final RandomGenerator random;
    private volatile Acquaintance known = Acquaintance.NONE; // as of the latest snapshot

    Adaptive(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        Member[] members = snapshot.selectable().toArray(Member[]::new);
        if (members.length < 2) {
            return members.length == 0 ? context -> null : context -> members[0];
        }
        Acquaintance all = members.length <= Aperture.SMALL_POOL
                ? Acquaintance.withAll(members, fleet)
                : known.after(members, fleet);
        known = all;
        return Weights.areEqual(members)
                ? aperture.over(members.length, width -> new LeastCost(fleet, aperture, random, all, width))
                : aperture.over(members.length, width -> new LeastCostByWeight(fleet, aperture, random, all, width));
    }

    @Override
    public @Nullable Meter meterFor(Member member) {
        return new Experience(fleet, member.load(), random.nextLong());
    }
}
