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
    private Lineup lineup = Lineup.NONE; // as of the latest snapshot
    private Acquaintance known = Acquaintance.NONE; // with these, where they are many

    Adaptive(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        Lineup now = lineup.next(snapshot);
        Member[] members = now.members();
        boolean isSmall = members.length <= Aperture.SMALL_POOL;
        Acquaintance all = isSmall ? Acquaintance.withAll(members, fleet) : known.after(lineup, now, fleet);
        lineup = now;
        known = isSmall ? Acquaintance.NONE : all;
        if (members.length < 2) {
            return members.length == 0 ? context -> null : context -> members[0];
        }
        return now.isEven()
                ? aperture.over(members.length, width -> new LeastCost(fleet, aperture, random, all, width))
                : aperture.over(members.length, width -> new LeastCostByWeight(fleet, aperture, random, all, width));
    }

    @Override
    public @Nullable Meter meterFor(Member member) {
        return new Experience(fleet, member.load(), random.nextLong());
    }
}
