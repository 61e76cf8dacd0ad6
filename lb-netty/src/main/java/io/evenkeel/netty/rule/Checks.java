package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;

/** What several kinds of rule check. */
final class Checks {
    private Checks() {}

    static void check(String name, int backendPort) {
        checkName(name);
        checkArgument(
                backendPort >= 0 && backendPort <= 65_535,
                "backendPort: %s (expected: 0 to 65535, 0 for the backend's own)",
                backendPort);
    }

    static void check(FlowOptions options, Protocol protocol) {
        checkArgument(
                options.proxyProtocol() != ProxyProtocol.V1 || protocol == Protocol.TCP,
                "proxyProtocol: V1 (expected: OFF or V2 for UDP)");
        checkArgument(
                protocol == Protocol.TCP || options.tcp().equals(TcpOptions.defaults()),
                "tcp: %s (expected: the defaults for UDP)",
                options.tcp());
        checkArgument(
                protocol == Protocol.UDP || options.udp().equals(UdpOptions.defaults()),
                "udp: %s (expected: the defaults for TCP)",
                options.udp());
    }

    static void checkName(String name) {
        // Names reach log lines: a line break in one would forge a second line.
        checkArgument(
                !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
                "name: \"%s\" (expected: a name without control characters)",
                name.replaceAll("\\p{Cntrl}", "?"));
    }
}
