package io.evenkeel;

import io.evenkeel.pool.Difference;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a strategy's meters while their members stay, and lets go of them when they leave. For one thread at a time. */
final class Meters {
    private final Function<Member, @Nullable Meter> factory;
    private final IdentityHashMap<LoadStats, Meter> meters = new IdentityHashMap<>();
    private PoolSnapshot known = PoolSnapshot.NONE;
    private PoolSnapshot latest = PoolSnapshot.NONE; // with its meters

    Meters(SelectionStrategy strategy) {
        this.factory = strategy::meterFor;
    }

    /** The snapshot with a meter on each member, if the strategy measures; else the snapshot itself. */
    PoolSnapshot onto(PoolSnapshot snapshot) {
        follow(snapshot);
        if (meters.isEmpty()) {
            return snapshot;
        }
        latest = snapshot.metered(member -> meters.get(member.load()), latest);
        return latest;
    }

    /** Most members are as they were before; only the others are looked up. */
    private void follow(PoolSnapshot present) {
        Difference difference = present.membersSince(known);
        Set<LoadStats> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int place : difference.gone()) {
            leaving.add(known.members().get(place).load());
        }
        for (int place : difference.came()) {
            Member member = present.members().get(place);
            if (!leaving.remove(member.load())) {
                Meter meter = factory.apply(member);
                if (meter != null) {
                    meters.put(member.load(), meter);
                }
            }
        }
        leaving.forEach(meters::remove);
        known = present;
    }
}
