package io.evenkeel;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a strategy's meters while their members stay, and lets go of them when they leave. For one thread at a time. */
final class Meters {
    private final Function<Member, @Nullable Meter> factory;
    private final IdentityHashMap<LoadStats, Meter> meters = new IdentityHashMap<>();
    private List<Member> known = List.of();

    Meters(SelectionStrategy strategy) {
        this.factory = strategy::meterFor;
    }

    /** The snapshot with a meter on each member, if the strategy measures; else the snapshot itself. */
    PoolSnapshot onto(PoolSnapshot snapshot) {
        follow(snapshot.members());
        return meters.isEmpty() ? snapshot : snapshot.metered(member -> meters.get(member.load()));
    }

    /** Most members stand where they stood before; only the others are looked up. */
    private void follow(List<Member> present) {
        Set<LoadStats> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < known.size(); i++) {
            if (!isAt(i, known.get(i), present)) {
                leaving.add(known.get(i).load());
            }
        }
        for (int i = 0; i < present.size(); i++) {
            Member member = present.get(i);
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

    private static boolean isAt(int place, Member member, List<Member> members) {
        return place < members.size()
                && (members.get(place) == member || members.get(place).load() == member.load());
    }
}
