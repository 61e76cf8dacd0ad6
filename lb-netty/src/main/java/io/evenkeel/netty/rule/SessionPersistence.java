package io.evenkeel.netty.rule;

/** Which flows of a client stay on one backend. The names are those of Azure Load Balancer. */
public enum SessionPersistence {
    /** None do: each connection, and each client port of UDP, is placed on its own (the 5-tuple). */
    NONE,
    /** All from one client address, TCP and UDP alike (the 2-tuple). Clients behind one proxy look like one. */
    CLIENT_IP,
    /** All from one client address over the same protocol (the 3-tuple). */
    CLIENT_IP_AND_PROTOCOL
}
