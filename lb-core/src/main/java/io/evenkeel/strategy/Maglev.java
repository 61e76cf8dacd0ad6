package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps the table it built last, and builds another only when ids or weights have changed. */
final class Maglev implements SelectionStrategy {
    private final MaglevOptions options;
    private final KeyHash hash;
    private @Nullable MaglevTable last;
    private @Nullable SteadyTable steady;

    Maglev(MaglevOptions options, RandomGenerator random) {
        this.options = options;
        this.hash = new KeyHash(options.secret(), random);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        if (snapshot.selectable().isEmpty()) {
            return context -> null;
        }
        Roll roll = Roll.of(snapshot.selectable());
        Member[] all = roll.members();
        int[] slots = options.steady() ? steadySlots(roll, snapshot) : slots(roll, snapshot);
        return new HashSelector(hash::of, spread -> all[slots[Mix.reduce(spread, slots.length)]]);
    }

    private int[] slots(Roll roll, PoolSnapshot snapshot) {
        MaglevTable table = last;
        int size = options.sizeFor(snapshot.members().size());
        if (table == null || !table.isFor(roll, size)) {
            table = MaglevTable.of(roll.ids(), roll.weights(), size);
            last = table;
        }
        return table.slots();
    }

    private int[] steadySlots(Roll roll, PoolSnapshot snapshot) {
        SteadyTable table = steady;
        int size = options.sizeFor(snapshot.members().size());
        // A table that has once grown stays as it is: with the size, nearly all keys move.
        if (table == null || table.slots().length < size) {
            table = SteadyTable.of(roll, size);
        } else {
            Set<String> pool =
                    snapshot.members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
            table = table.next(roll, pool);
        }
        steady = table;
        return table.slots();
    }
}
