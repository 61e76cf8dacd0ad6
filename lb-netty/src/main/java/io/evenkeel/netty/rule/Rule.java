package io.evenkeel.netty.rule;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.pool.BackendPool;
import java.util.List;

/** What to do with what arrives at one front end or several. */
public sealed interface Rule permits LoadBalancingRule, InboundNatRule {
    /** Unique within its forwarder; for logs and listings. */
    String name();

    /** Where clients come in: at least one, all of one protocol. */
    List<Frontend> frontends();

    /** What its front ends speak. */
    default Protocol protocol() {
        return frontends().get(0).protocol();
    }

    /** Whose members serve them. */
    BackendPool pool();

    /** The port to connect to; 0 for the one in the address of the backend. */
    int backendPort();

    /** How its flows are treated. */
    FlowOptions options();
}
