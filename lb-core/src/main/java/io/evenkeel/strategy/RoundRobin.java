package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds the position, which outlives the selectors. */
final class RoundRobin implements SelectionStrategy {
    private final AtomicInteger cursor;

    RoundRobin(int start) {
        // Not negative: -1 is the one value from which the next step would leave the order.
        this.cursor = new AtomicInteger(start & Integer.MAX_VALUE);
    }

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
        Member[] order = members.toArray(Member[]::new);
        if (Weights.areEqual(order)) {
            return new Rotation(cursor, order);
        }
        int[] weights = Weights.lowestTerms(Weights.of(order));
        return SmoothOrder.isShort(weights)
                ? new Rotation(cursor, SmoothOrder.of(order, weights))
                : new StaticStride(cursor, order, weights);
    }
}
