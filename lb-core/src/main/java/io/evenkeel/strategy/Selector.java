package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A strategy bound to one snapshot: chooses a member for each pick.
 *
 * <p>Called by many threads at once, for every request: no lock, no allocation, no logging. What it throws is contained,
 * and a random selectable member is taken.
 */
@FunctionalInterface
public interface Selector {

    /** A selectable member of the snapshot, or null if there is none for this pick. */
    @Nullable
    Member select(PickContext context);

    /**
     * A selector that never returns a member the context excludes while another one is selectable, whatever
     * {@code selector} does; that prefers, among the others, those outside the fault domains of what was excluded; and that
     * takes a member of the reserve when all selectable ones are excluded. Where the context prefers a member that may be
     * had, {@code selector} is not asked. Balancers wrap every selector in it. Picks that exclude and prefer nobody cost one
     * comparison more.
     */
    static Selector skippingExcluded(Selector selector, PoolSnapshot snapshot) {
        return skippingExcluded(selector, snapshot, ThreadRandom.INSTANCE);
    }

    /**
     * The same by a generator of the caller's, which many threads may use at the same time. Only picks without a key that
     * exclude somebody draw from it.
     */
    static Selector skippingExcluded(Selector selector, PoolSnapshot snapshot, RandomGenerator random) {
        return SkipExcluded.of(selector, snapshot, random);
    }
}
