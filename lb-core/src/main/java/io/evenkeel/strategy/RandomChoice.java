package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;

/** Draws a member; with weights, by an alias table. */
final class RandomChoice implements SelectionStrategy {
    private final RandomGenerator random;
    private Lineup lineup = Lineup.NONE; // as of the latest snapshot

    RandomChoice(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        lineup = lineup.next(snapshot);
        if (lineup.isEmpty()) {
            return context -> null;
        }
        Member[] all = lineup.members();
        if (lineup.isEven()) {
            return context -> all[Mix.reduce(random.nextLong(), all.length)];
        }
        AliasTable table = lineup.table();
        return context -> all[table.draw(random)];
    }
}
