package io.evenkeel.netty.rule;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.pool.BackendPool;
import java.time.Duration;

/** What to do with what arrives at one front end. */
public sealed interface Rule permits LoadBalancingRule, InboundNatRule {
    /** Unique within its forwarder; for logs and listings. */
    String name();

    /** Where clients come in. */
    Frontend frontend();

    /** Whose members serve them. */
    BackendPool pool();

    /** The port to connect to; 0 for the one in the address of the backend. */
    int backendPort();

    /** How long a flow may be silent in both directions before it is ended. */
    Duration idleTimeout();

    /** How TCP connections are treated. */
    TcpOptions tcp();

    /** What Azure gives TCP, and most give UDP: a lost connection costs more than a lost port. */
    static Duration defaultIdleTimeout(Protocol protocol) {
        return protocol == Protocol.TCP ? Duration.ofMinutes(4) : Duration.ofSeconds(60);
    }
}
