package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.Rule;

/** What all rules of a forwarder share, and how it brings them to work. */
record Engine(
        EventLoops loops,
        FlowEvents events,
        ConnectPolicy connecting,
        HashSecret secret,
        int maxFlows,
        FlowCount flows,
        OwnFrontends own) {
    Route route(Rule rule) {
        return Route.of(rule, secret);
    }

    FlowGate gate(Rule rule, FlowCounts counts) {
        return new FlowGate(rule, counts, flows, maxFlows);
    }

    RuleContext context(RuleTable.Entry entry, Frontend frontend) {
        return new RuleContext(entry.route(), entry.gate(), frontend, loops, events, connecting, own);
    }

    /** Not bound yet. */
    RunningRule open(RuleContext context) {
        return context.frontend().protocol() == Protocol.TCP ? new TcpRule(context) : new UdpRule(context);
    }
}
