package io.evenkeel;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.IdentityHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a strategy's meters while their members stay, and lets go of them when they leave. For one thread at a time. */
final class Meters {
    private final Function<Member, @Nullable Meter> factory;
    private IdentityHashMap<LoadStats, Meter> meters = new IdentityHashMap<>();

    Meters(SelectionStrategy strategy) {
        this.factory = strategy::meterFor;
    }

    /** The snapshot with a meter on each member, if the strategy measures; else the snapshot itself. */
    PoolSnapshot onto(PoolSnapshot snapshot) {
        IdentityHashMap<LoadStats, Meter> staying = new IdentityHashMap<>();
        for (Member member : snapshot.members()) {
            Meter known = meters.get(member.load());
            Meter meter = known != null ? known : factory.apply(member);
            if (meter != null) {
                staying.put(member.load(), meter);
            }
        }
        meters = staying;
        return staying.isEmpty() ? snapshot : snapshot.metered(member -> staying.get(member.load()));
    }
}
