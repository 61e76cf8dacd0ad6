package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;
import java.time.Duration;

/** What both kinds of rule check. */
final class Checks {
    private static final Duration MAX_IDLE = Duration.ofDays(365);

    private Checks() {}

    static void check(String name, int backendPort, Duration idleTimeout) {
        // Names reach log lines: a line break in one would forge a second line.
        checkArgument(
                !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
                "name: \"%s\" (expected: a name without control characters)",
                name.replaceAll("\\p{Cntrl}", "?"));
        checkArgument(
                backendPort >= 0 && backendPort <= 65_535,
                "backendPort: %s (expected: 0 to 65535, 0 for the backend's own)",
                backendPort);
        checkArgument(
                idleTimeout.compareTo(Duration.ZERO) > 0 && idleTimeout.compareTo(MAX_IDLE) <= 0,
                "idleTimeout: %s (expected: > 0 and <= 365 days)",
                idleTimeout);
    }

    static void check(Frontend frontend, UdpOptions udp) {
        checkArgument(
                frontend.protocol() == Protocol.UDP || udp.equals(UdpOptions.defaults()),
                "udp: %s (expected: the defaults, since the front end is %s)",
                udp,
                frontend);
    }
}
