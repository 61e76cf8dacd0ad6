package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;
import java.time.Duration;

/** What several kinds of rule check. */
final class Checks {
    private static final Duration MAX_IDLE = Duration.ofDays(365);

    private Checks() {}

    static void check(String name, int backendPort, Duration idleTimeout) {
        checkName(name);
        checkArgument(
                backendPort >= 0 && backendPort <= 65_535,
                "backendPort: %s (expected: 0 to 65535, 0 for the backend's own)",
                backendPort);
        checkArgument(
                idleTimeout.compareTo(Duration.ZERO) > 0 && idleTimeout.compareTo(MAX_IDLE) <= 0,
                "idleTimeout: %s (expected: > 0 and <= 365 days)",
                idleTimeout);
    }

    static void check(ProxyProtocol proxyProtocol, Frontend frontend) {
        checkArgument(
                proxyProtocol != ProxyProtocol.V1 || frontend.protocol() == Protocol.TCP,
                "proxyProtocol: V1 (expected: OFF or V2 for UDP)");
    }

    static void checkName(String name) {
        // Names reach log lines: a line break in one would forge a second line.
        checkArgument(
                !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
                "name: \"%s\" (expected: a name without control characters)",
                name.replaceAll("\\p{Cntrl}", "?"));
    }
}
