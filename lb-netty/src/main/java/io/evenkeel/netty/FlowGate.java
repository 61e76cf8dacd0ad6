package io.evenkeel.netty;

import io.evenkeel.netty.rule.FlowLimits;
import io.evenkeel.netty.rule.Rule;
import java.net.InetAddress;

/** Lets the flows of a rule in as long as its limits and that of the forwarder allow. Safe for use by all event loops. */
final class FlowGate {
    private final FlowCount ofForwarder;
    private final int mostOfForwarder;
    private final FlowCounts counts;
    private final int mostOfRule;
    private final int mostOfSource;
    private final FlowRefusedException forwarderIsFull;
    private final FlowRefusedException ruleIsFull;
    private final FlowRefusedException sourceIsFull;

    FlowGate(Rule rule, FlowCounts counts, FlowCount ofForwarder, int mostOfForwarder) {
        FlowLimits limits = rule.options().limits();
        this.ofForwarder = ofForwarder;
        this.mostOfForwarder = mostOfForwarder;
        this.counts = counts;
        this.mostOfRule = orAny(limits.perRule());
        this.mostOfSource = orAny(limits.perSource());
        this.forwarderIsFull = full(rule, mostOfForwarder, "the forwarder");
        this.ruleIsFull = full(rule, mostOfRule, "the rule");
        this.sourceIsFull = full(rule, mostOfSource, "its source");
    }

    private static int orAny(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    static FlowRefusedException full(Rule rule, int limit, String of) {
        return new FlowRefusedException(
                "rule \"" + rule.name() + "\": " + of + " has " + limit + " flows, which is the limit");
    }

    /** Whether the forwarder has as many flows as it may have. */
    boolean isFull() {
        return ofForwarder.open() >= mostOfForwarder;
    }

    FlowCounts counts() {
        return counts;
    }

    /** Counts a flow that begins; each must {@link #leave}. */
    void enter(InetAddress source) throws FlowRefusedException {
        if (!ofForwarder.enter(mostOfForwarder)) {
            throw forwarderIsFull;
        }
        if (!counts.all().enter(mostOfRule)) {
            ofForwarder.leave();
            throw ruleIsFull;
        }
        if (!counts.enter(source, mostOfSource)) {
            counts.all().leave();
            ofForwarder.leave();
            throw sourceIsFull;
        }
    }

    void leave(InetAddress source) {
        counts.leave(source);
        counts.all().leave();
        ofForwarder.leave();
    }
}
