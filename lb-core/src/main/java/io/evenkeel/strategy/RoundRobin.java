package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Holds the position, which outlives the selectors. */
final class RoundRobin implements SelectionStrategy {
    private final AtomicInteger cursor;
    private Lineup lineup = Lineup.NONE; // as of the latest snapshot
    private Function<Member[], Selector> byWeight; // for any members of its weights

    RoundRobin(int start) {
        // Not negative: -1 is the one value from which the next step would leave the order.
        this.cursor = new AtomicInteger(start & Integer.MAX_VALUE);
        this.byWeight = members -> new Rotation(cursor, members);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        Lineup now = lineup.next(snapshot);
        if (!now.weighsAs(lineup)) {
            byWeight = now.isEven() ? members -> new Rotation(cursor, members) : inTurns(now.weights());
        }
        lineup = now;
        return now.isEmpty() ? context -> null : byWeight.apply(now.members());
    }

    private Function<Member[], Selector> inTurns(int[] declared) {
        int[] weights = Weights.lowestTerms(declared);
        if (SmoothOrder.isShort(weights)) {
            int[] order = SmoothOrder.of(weights);
            return members -> new Rotation(cursor, SmoothOrder.writtenOut(order, members));
        }
        if (LongRound.isShort(weights)) {
            char[] places = LongRound.of(weights);
            return members -> new LongRound(cursor, members, places);
        }
        int[] scaled = StaticStride.scale(weights);
        return members -> new StaticStride(cursor, members, scaled);
    }
}
