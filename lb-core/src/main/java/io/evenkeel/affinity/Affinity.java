package io.evenkeel.affinity;

/**
 * Which flows stay together: flows of equal key go to the same member while that member stays.
 *
 * <p>The three tuples are those of Azure Load Balancer. Implementations must be safe for use by many threads and give
 * equal keys for equal flows.
 */
@FunctionalInterface
public interface Affinity {

    /** The key of a flow; all 64 bits should depend on what keeps flows together. */
    long key(Flow flow);

    /**
     * Source and destination address: everything one client sends to one front end, over TCP and UDP alike, goes to one
     * member (Azure: "client IP"). Clients behind one proxy look like one client.
     */
    static Affinity twoTuple(HashSecret secret) {
        return new TupleHash(secret, false, false);
    }

    /** Source and destination address and the protocol (Azure: "client IP and protocol"). */
    static Affinity threeTuple(HashSecret secret) {
        return new TupleHash(secret, false, true);
    }

    /**
     * Source and destination address and port and the protocol: each connection is placed on its own (Azure's default,
     * "none").
     */
    static Affinity fiveTuple(HashSecret secret) {
        return new TupleHash(secret, true, true);
    }
}
