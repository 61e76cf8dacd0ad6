package io.evenkeel;

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
    private Member[] known = {};
    private @Nullable PoolSnapshot latest;

    Meters(SelectionStrategy strategy) {
        this.factory = strategy::meterFor;
    }

    /** The snapshot with a meter on each member, if the strategy measures; else the snapshot itself. */
    PoolSnapshot onto(PoolSnapshot snapshot) {
        follow(snapshot.members().toArray(Member[]::new));
        if (meters.isEmpty()) {
            return snapshot;
        }
        PoolSnapshot metered =
                snapshot.metered(member -> meters.get(member.load()), latest == null ? snapshot : latest);
        latest = metered;
        return metered;
    }

    /** Most members are as they were before; only the others are looked up. */
    private void follow(Member[] present) {
        Set<LoadStats> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < known.length; i++) {
            if (!isAt(i, known[i], present)) {
                leaving.add(known[i].load());
            }
        }
        for (int i = 0; i < present.length; i++) {
            Member member = present[i];
            if (!isAt(i, member, known) && !leaving.remove(member.load())) {
                Meter meter = factory.apply(member);
                if (meter != null) {
                    meters.put(member.load(), meter);
                }
            }
        }
        leaving.forEach(meters::remove);
        known = present;
    }

    private static boolean isAt(int place, Member member, Member[] members) {
        return place < members.length && (members[place] == member || members[place].load() == member.load());
    }
}
