package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;

/** Finds keys on a ring as they are, without a hash of its own. */
record RingHash(int minRingSize, int maxRingSize, RandomGenerator random) implements SelectionStrategy {
    /** Envoy's limit and default. */
    static final int LARGEST = 8_388_608;

    RingHash {
        checkArgument(
                minRingSize > 0 && minRingSize <= LARGEST, "minRingSize: %s (expected: 1 to %s)", minRingSize, LARGEST);
        checkArgument(
                maxRingSize >= minRingSize && maxRingSize <= LARGEST,
                "maxRingSize: %s (expected: %s to %s)",
                maxRingSize,
                minRingSize,
                LARGEST);
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
        Ring ring = Ring.of(roll.ids(), roll.weights(), minRingSize, maxRingSize);
        return new HashSelector(
                context -> context.hasKey() ? context.key() : random.nextLong(), hash -> all[ring.ownerOf(hash)]);
    }
}
