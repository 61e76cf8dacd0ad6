package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes what a strategy chooses while that has room, and else the next in the order of the key. */
record BoundedLoad(SelectionStrategy strategy, double factor, RandomGenerator random) implements SelectionStrategy {

    BoundedLoad {
        checkArgument(factor > 1 && factor <= 100, "factor: %s (expected: > 1 and <= 100)", factor);
    }

    @Override
    public boolean mayBlock() {
        return strategy.mayBlock();
    }

    @Override
    public @Nullable Meter meterFor(Member member) {
        return strategy.meterFor(member);
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        Member[] members = snapshot.selectable().toArray(Member[]::new);
        OrderedSelector order = OrderedSelector.of(strategy.selectorFor(snapshot));
        return new BoundedSelector(order, members, factor, random);
    }
}
