package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;
import java.util.Optional;

/**
 * When the TCP connections of a rule end, and how they are kept alive. Immutable.
 *
 * @param finTimeout how long a connection may be silent of which one side has said that it is done, so that half of it is open;
 *     60 s by default. The idle timeout counts as well, whichever ends first. At most 365 days
 * @param resetOnIdle whether both sides are reset when a connection was idle for too long, so that they learn that it is gone;
 *     otherwise they get a clean end, unless something that one of them has sent is still on its way. On by default
 * @param keepAlive whether the system asks ends that are silent whether they are still there, on both sides, at its own
 *     intervals (Linux: after 2 h); on by default
 * @param maxDuration how long a connection may last before both sides are reset, so that long ones are spread anew now and
 *     then; empty, the default, is for ever
 * @param jitter the part by which the duration of each connection is randomly shorter, so that those that began together do not
 *     end together: at least 0 and less than 1, 0.2 by default
 * @param lostMemberGrace how long the connections of a member may go on that went down, is drained, or has left the pool, unless
 *     it comes back; then both sides are reset, so that clients connect anew, elsewhere. 0 is at once; empty, the default and
 *     Azure's way, is for ever: the member is asked for nothing new, and may well finish what it has. A NAT rule never minds
 *     whether its backend is well, only whether it is in the pool
 */
public record TcpOptions(
        Duration finTimeout,
        boolean resetOnIdle,
        boolean keepAlive,
        Optional<Duration> maxDuration,
        double jitter,
        Optional<Duration> lostMemberGrace) {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final TcpOptions DEFAULTS =
            new TcpOptions(Duration.ofSeconds(60), true, true, Optional.empty(), 0.2, Optional.empty());

    /** Checks times and jitter. */
    public TcpOptions {
        checkTime("finTimeout", finTimeout);
        maxDuration.ifPresent(duration -> checkTime("maxDuration", duration));
        checkArgument(jitter >= 0 && jitter < 1, "jitter: %s (expected: >= 0 and < 1)", jitter);
        lostMemberGrace.ifPresent(grace -> checkArgument(
                !grace.isNegative() && grace.compareTo(LONGEST) <= 0,
                "lostMemberGrace: %s (expected: >= 0 and <= 365 days)",
                grace));
    }

    private static void checkTime(String name, Duration time) {
        checkArgument(
                time.compareTo(Duration.ZERO) > 0 && time.compareTo(LONGEST) <= 0,
                "%s: %s (expected: > 0 and <= 365 days)",
                name,
                time);
    }

    /** See the parameters. */
    public static TcpOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another time for half-closed connections. */
    public TcpOptions withFinTimeout(Duration finTimeout) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, maxDuration, jitter, lostMemberGrace);
    }

    /** The same with or without resets of idle connections. */
    public TcpOptions withResetOnIdle(boolean resetOnIdle) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, maxDuration, jitter, lostMemberGrace);
    }

    /** The same with or without keep-alive. */
    public TcpOptions withKeepAlive(boolean keepAlive) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, maxDuration, jitter, lostMemberGrace);
    }

    /** The same with an end for connections that last. */
    public TcpOptions withMaxDuration(Duration maxDuration) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, Optional.of(maxDuration), jitter, lostMemberGrace);
    }

    /** The same with another jitter of the longest duration. */
    public TcpOptions withJitter(double jitter) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, maxDuration, jitter, lostMemberGrace);
    }

    /** The same with an end for connections of a member that is lost; 0 for at once. */
    public TcpOptions withLostMemberGrace(Duration lostMemberGrace) {
        return new TcpOptions(finTimeout, resetOnIdle, keepAlive, maxDuration, jitter, Optional.of(lostMemberGrace));
    }
}
