package io.evenkeel.netty;

import io.evenkeel.netty.rule.Rule;

/** What the flows of a rule work with. */
record RuleContext(Route route, EventLoops loops, FlowEvents events, ConnectPolicy connecting) {
    Rule rule() {
        return route.rule();
    }

    /** For messages. */
    String name() {
        return "rule \"" + rule().name() + "\"";
    }
}
