package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Keeps the table it built last, and builds another only when ids or weights have changed. */
final class Maglev implements SelectionStrategy {
    /** Up to here the small table has over 100 slots for each member, which keeps shares right within about 1 %. */
    private static final int SMALL_POOL = 600;

    private final RandomGenerator random;
    private @Nullable MaglevTable last;

    Maglev(RandomGenerator random) {
        this.random = random;
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
        Member[] all = members.toArray(Member[]::new);
        int[] slots = tableFor(all).slots();
        return context -> {
            long key = Mix.spread(context.hasKey() ? context.key() : random.nextLong());
            return all[slots[Mix.reduce(key, slots.length)]];
        };
    }

    private MaglevTable tableFor(Member[] members) {
        String[] ids = Arrays.stream(members).map(m -> m.backend().id()).toArray(String[]::new);
        int[] weights = Arrays.stream(members).mapToInt(Member::weight).toArray();
        MaglevTable table = last;
        if (table == null || !table.isFor(ids, weights)) {
            int size = ids.length <= SMALL_POOL ? MaglevTable.SMALL : MaglevTable.LARGE;
            table = MaglevTable.build(ids, weights, size);
            last = table;
        }
        return table;
    }
}
