package io.evenkeel;

import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;

/** A selector and the snapshot it was made for. */
record Bound(PoolSnapshot snapshot, Selector selector) {

    static Bound of(SelectionStrategy strategy, PoolSnapshot snapshot) {
        return new Bound(snapshot, Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot));
    }

    /** What picks when a strategy cannot. */
    static Bound byChance(PoolSnapshot snapshot) {
        return of(SelectionStrategy.random(), snapshot);
    }
}
