package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;

/**
 * Lets sources in at ports of a front end, or keeps them out. Immutable. The words and numbers are those of Azure's network
 * security groups.
 *
 * <p>A source is an address ({@code 10.0.0.1}), a block of addresses ({@code 10.0.0.0/8}, {@code 2001:db8::/32}), or
 * {@code *} for any address of either family. {@code 0.0.0.0/0} is all of IPv4 and nothing of IPv6. A block with bits beyond
 * its prefix, such as {@code 10.0.0.1/8}, is refused, for it would be wider than it looks.
 *
 * @param priority 100 to 4,096; within a group, the rule with the lowest number that matches decides
 * @param name for logs and listings; unique within its group
 * @param allow whether the flows it matches are let in
 * @param sources where they come from; at least one
 * @param firstPort the first port of the front end it is about, 0 by default
 * @param lastPort the last one, 65,535 by default
 */
public record SecurityRule(
        int priority, String name, boolean allow, List<String> sources, int firstPort, int lastPort) {
    private static final String ANY = "*";
    private static final int MAX_PORT = 65_535;

    /** Checks everything, and copies the sources. */
    public SecurityRule {
        checkArgument(priority >= 100 && priority <= 4096, "priority: %s (expected: 100 to 4096)", priority);
        Checks.checkName(name);
        sources = List.copyOf(sources);
        checkArgument(!sources.isEmpty(), "sources: none (expected: at least one, * for any)");
        sources.forEach(SecurityRule::blocks);
        checkArgument(
                firstPort >= 0 && firstPort <= lastPort && lastPort <= MAX_PORT,
                "ports: %s to %s (expected: a range within 0 to 65535)",
                firstPort,
                lastPort);
    }

    /** Lets these sources in at every port. */
    public static SecurityRule allow(int priority, String name, String... sources) {
        return new SecurityRule(priority, name, true, List.of(sources), 0, MAX_PORT);
    }

    /** Keeps these sources out at every port. */
    public static SecurityRule deny(int priority, String name, String... sources) {
        return new SecurityRule(priority, name, false, List.of(sources), 0, MAX_PORT);
    }

    /** The same for one port of the front end. */
    public SecurityRule withPort(int port) {
        return withPorts(port, port);
    }

    /** The same for a range of ports of the front end, both ends included. */
    public SecurityRule withPorts(int firstPort, int lastPort) {
        return new SecurityRule(priority, name, allow, sources, firstPort, lastPort);
    }

    List<Cidr> blocks() {
        return sources.stream().flatMap(source -> blocks(source).stream()).toList();
    }

    private static List<Cidr> blocks(String source) {
        return source.equals(ANY)
                ? List.of(Cidr.parse("source", "0.0.0.0/0"), Cidr.parse("source", "::/0"))
                : List.of(Cidr.parse("source", source));
    }
}
