package io.evenkeel.netty;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.Rule;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of a forwarder at one moment, by name and in order, with the sockets that serve them. Immutable. */
record RuleTable(Map<String, Entry> entries) {
    static final RuleTable EMPTY = new RuleTable(Map.of());

    /** One rule at work, at each of its front ends. */
    record Entry(Route route, FlowGate gate, List<RunningRule> frontends) {}

    /** What makes a front end another one. */
    record Place(Protocol protocol, InetAddress address, int port) {
        static Place of(Frontend frontend) {
            return new Place(frontend.protocol(), frontend.address(), frontend.port());
        }
    }

    /** Refuses a list that no forwarder can run. */
    static void check(List<Rule> rules) {
        checkArgument(!rules.isEmpty(), "rules: none (expected: at least one)");
        Set<String> names = new HashSet<>();
        Set<Place> places = new HashSet<>();
        for (Rule rule : rules) {
            checkArgument(
                    names.add(rule.name()), "rule: \"%s\" (expected: a name that no other rule has)", rule.name());
            for (Frontend frontend : rule.frontends()) {
                checkArgument(
                        frontend.port() == 0 || places.add(Place.of(frontend)),
                        "frontend: %s of rule \"%s\" (expected: one that no other rule has)",
                        frontend,
                        rule.name());
            }
        }
    }

    List<Rule> rules() {
        return entries.values().stream().map(entry -> entry.route().rule()).toList();
    }

    /** None if there is no such rule. */
    List<RunningRule> frontends(String ruleName) {
        Entry entry = entries.get(ruleName);
        return entry == null ? List.of() : entry.frontends();
    }

    /** Where each socket listens, with its real port. */
    Map<Place, RunningRule> sockets() {
        Map<Place, RunningRule> sockets = new LinkedHashMap<>();
        for (Entry entry : entries.values()) {
            for (RunningRule running : entry.frontends()) {
                Frontend frontend = running.context().frontend();
                int port = running.address().getPort();
                sockets.put(new Place(frontend.protocol(), frontend.address(), port), running);
            }
        }
        return sockets;
    }

    /** Lets no new flow in. */
    void stop() {
        for (Entry entry : entries.values()) {
            entry.frontends().forEach(RunningRule::stop);
        }
    }

    void close() {
        for (Entry entry : entries.values()) {
            entry.frontends().forEach(RunningRule::close);
            entry.route().close();
        }
    }
}
