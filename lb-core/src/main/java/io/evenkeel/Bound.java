package io.evenkeel;

import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.util.random.RandomGenerator;

/** A selector and the snapshot it was made for. */
record Bound(PoolSnapshot snapshot, Selector selector) {

    /** {@code random} is for second attempts. */
    static Bound of(SelectionStrategy strategy, PoolSnapshot snapshot, RandomGenerator random) {
        return new Bound(snapshot, Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot, random));
    }

    /** What picks nobody any more. */
    static Bound toNobody(PoolSnapshot snapshot) {
        return new Bound(snapshot, context -> null);
    }

    /** What picks when a strategy cannot. */
    static Bound byChance(PoolSnapshot snapshot) {
        Selector selector = SelectionStrategy.random().selectorFor(snapshot);
        return new Bound(snapshot, Selector.skippingExcluded(selector, snapshot));
    }
}
