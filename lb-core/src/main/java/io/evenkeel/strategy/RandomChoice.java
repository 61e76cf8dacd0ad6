package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws a member; with weights, by an alias table. */
record RandomChoice(RandomGenerator random) implements SelectionStrategy {

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        List<Member> members = snapshot.selectable();
        if (members.isEmpty()) {
            return context -> null;
        }
        Member[] all = members.toArray(Member[]::new);
        if (Weights.areEqual(all)) {
            return context -> all[Mix.reduce(random.nextLong(), all.length)];
        }
        AliasTable table = AliasTable.of(Weights.of(all));
        return context -> all[table.draw(random)];
    }
}
