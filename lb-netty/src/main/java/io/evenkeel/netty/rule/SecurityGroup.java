package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may come in at the front ends it is attached to. Of the rules that match source and port, the one with the lowest
 * priority number decides; what none matches is denied, so a group without rules denies everything.
 *
 * <p>No other spelling of an address gets around a rule: an IPv4-mapped address ({@code ::ffff:10.0.0.1}) is the IPv4
 * address; an IPv6 address that leads to an IPv4 one (6to4, NAT64 of {@code 64:ff9b::/96}, IPv4-compatible) is also kept out
 * by the rules that deny that one, and never let in by those that allow it; zones ({@code %eth0}) do not matter.
 *
 * <p>The rules may be replaced at any time. That holds for the next flow; flows that are open stay. One group may be attached
 * to many front ends. Safe for use by many threads. A decision takes no lock, about 0.1 µs with 1,000 rules, and two binary
 * searches more or less whatever the rules are; 1,000 rules of one source take about 0.5 MiB.
 */
public final class SecurityGroup {
    /** A set of rules with its matcher, so that both change at once. */
    private record Ready(List<SecurityRule> rules, RuleMatcher matcher) {}

    private final String name;
    private volatile Ready ready;

    private SecurityGroup(String name, Ready ready) {
        this.name = name;
        this.ready = ready;
    }

    /** A group of these rules, in any order. Their priorities and names must be unique. */
    public static SecurityGroup of(String name, SecurityRule... rules) {
        Checks.checkName(name);
        return new SecurityGroup(name, ready(List.of(rules)));
    }

    private static Ready ready(Collection<SecurityRule> rules) {
        Set<Integer> priorities = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (SecurityRule rule : rules) {
            checkArgument(
                    priorities.add(rule.priority()),
                    "priority: %s of rule \"%s\" (expected: one that no other rule has)",
                    rule.priority(),
                    rule.name());
            checkArgument(
                    names.add(rule.name()), "rule: \"%s\" (expected: a name that no other rule has)", rule.name());
        }
        List<SecurityRule> ordered = rules.stream()
                .sorted(Comparator.comparingInt(SecurityRule::priority))
                .toList();
        return new Ready(ordered, new RuleMatcher(ordered));
    }

    /** The name, for logs. */
    public String name() {
        return name;
    }

    /** The rules in force, lowest priority number first. */
    public List<SecurityRule> rules() {
        return ready.rules();
    }

    /**
     * Puts these rules in the place of all there are, in one step. Rules that do not go together are refused, and then nothing
     * changes.
     */
    public void replace(Collection<SecurityRule> wanted) {
        ready = ready(wanted);
    }

    /** Whether a new flow from that source is let in at that port of a front end. */
    public boolean allows(InetAddress source, int port) {
        RuleMatcher matcher = ready.matcher();
        return source instanceof Inet4Address
                ? matcher.allowsFour(source.hashCode() & Addresses.LOW_32, port) // the hash is the address itself
                : matcher.allows(source.getAddress(), port);
    }

    /** The name, as in {@code security group "web"}. */
    @Override
    public String toString() {
        return "security group \"" + name + "\"";
    }
}
