package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.Rule;

/** What the flows of a rule work with that come in at one of its front ends. */
record RuleContext(
        Route route,
        FlowGate gate,
        Frontend frontend,
        EventLoops loops,
        FlowEvents events,
        ConnectPolicy connecting,
        OwnFrontends own) {
    Rule rule() {
        return route.rule();
    }

    /** For messages. */
    String name() {
        return "rule \"" + rule().name() + "\"";
    }
}
