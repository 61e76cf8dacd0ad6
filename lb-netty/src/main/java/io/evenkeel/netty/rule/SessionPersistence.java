package io.evenkeel.netty.rule;

/**
 * Which flows of a client stay on one backend. The names are those of Azure Load Balancer.
 *
 * <p>Where they stay they do so by whichever front end they come: forwarders that share a secret, such as several behind one
 * name of DNS, send a client to the same backend.
 */
public enum SessionPersistence {
    /** None do: each connection, and each client port of UDP, is placed on its own (the 5-tuple, which has the front end). */
    NONE,
    /** All from one client address, TCP and UDP alike (Azure: 2-tuple). Clients behind one proxy look like one. */
    CLIENT_IP,
    /** All from one client address over the same protocol (Azure: 3-tuple). */
    CLIENT_IP_AND_PROTOCOL
}
