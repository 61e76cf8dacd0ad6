package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of the open TCP connections of a member that goes down, is drained, or leaves the pool. Immutable. UDP flows
 * move to another member in any case.
 *
 * @param grace how long such connections may go on before both sides are reset; empty, the default, is for ever
 */
public record LostMember(Optional<Duration> grace) {
    /** Checks the time. */
    public LostMember {
        checkArgument(
                grace.isEmpty() || !grace.get().isNegative(),
                "grace: %s (expected: >= 0)",
                grace.orElse(Duration.ZERO));
    }

    /** They go on: the member is asked for nothing new, and may well finish what it has. Azure's way, and the default. */
    public static LostMember keep() {
        return new LostMember(Optional.empty());
    }

    /** They are reset at once, so that clients connect anew, elsewhere. */
    public static LostMember reset() {
        return resetAfter(Duration.ZERO);
    }

    /** They may finish within that time, and are reset then, unless the member has come back. */
    public static LostMember resetAfter(Duration grace) {
        return new LostMember(Optional.of(grace));
    }
}
