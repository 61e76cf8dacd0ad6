package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How many flows a rule serves at the same time. Immutable. 0 means as many as the forwarder holds, and is the default of
 * each. A TCP client above a limit is reset as soon as it is accepted; a datagram that would open a flow above it is dropped.
 *
 * @param perRule of all clients together
 * @param perSource of one client address; clients behind one proxy share it
 * @param perBackend at one member; a member that has so many is passed over, and a client is turned away once all have. Counts
 *     whatever is in flight at the member, also by other rules and by others that pick from the same pool
 */
public record FlowLimits(int perRule, int perSource, int perBackend) {
    /** Checks the numbers. */
    public FlowLimits {
        check("perRule", perRule);
        check("perSource", perSource);
        check("perBackend", perBackend);
    }

    private static void check(String name, int limit) {
        checkArgument(limit >= 0, "%s: %s (expected: >= 0, 0 for no limit)", name, limit);
    }

    /** No limits. */
    public static FlowLimits defaults() {
        return new FlowLimits(0, 0, 0);
    }

    /** The same with another limit for all clients together. */
    public FlowLimits withPerRule(int perRule) {
        return new FlowLimits(perRule, perSource, perBackend);
    }

    /** The same with another limit for each client address. */
    public FlowLimits withPerSource(int perSource) {
        return new FlowLimits(perRule, perSource, perBackend);
    }

    /** The same with another limit for each member. */
    public FlowLimits withPerBackend(int perBackend) {
        return new FlowLimits(perRule, perSource, perBackend);
    }
}
