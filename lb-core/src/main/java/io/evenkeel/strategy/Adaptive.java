package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks through an aperture at what one more request would cost at each of seven candidates. */
final class Adaptive implements SelectionStrategy {
    private final Fleet fleet = new Fleet();
    private final Aperture aperture = new Aperture();
    private final RandomGenerator random;

    Adaptive(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        return aperture.over(snapshot.selectable(), this::selectorAmong);
    }

    private Selector selectorAmong(List<Member> members) {
        if (members.size() < 2) {
            return members.isEmpty() ? context -> null : context -> members.get(0);
        }
        return Weights.areEqual(members)
                ? new LeastCost(fleet, aperture, random, members)
                : new LeastCostByWeight(fleet, aperture, random, members);
    }

    @Override
    public @Nullable Meter meterFor(Member member) {
        return new Experience(fleet, member.load(), random.nextLong());
    }
}
