package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.util.Collection;
import java.util.List;

/**
 * The few of many backends that one client talks to. A thousand clients with a thousand backends each are a million
 * connections and as many probes; with twenty each they are 20,000. Immutable.
 *
 * <p>Only who is in the subset becomes a member: so only those are probed, connected to and in the tables of strategies.
 * {@link BackendSource#subset} narrows a source; for a list that is at hand, {@link #of} does. All clients must be told the
 * same backends, in any order. Each priority has a subset of its own, so that there are spares for what fails. Zones are
 * not looked at. Clients with different subsets send the same key to different members.
 *
 * <p>{@code docs/subsetting.md} has figures. Take {@link #ofPeer} if the clients can be counted, else {@link #ofClient}.
 */
public sealed interface Subset permits PeerSubset, ClientSubset {
    /** Rarely less, so that one that fails is a twentieth; "Site Reliability Engineering", chapter 20, has 20 to 100. */
    int DEFAULT_SIZE = 20;

    /**
     * Deals out the backends to clients that are counted, so that each backend has an even share of them: all get the same
     * number of clients but for one, and the same traffic, if all clients send as much.
     *
     * <p>The backends stand in a circle, and client {@code index} has an arc of it that begins at {@code index / peers} and
     * is as long as {@link #withSize} asks for, to the nearest whole number of {@code 1 / peers} and at least one, so that
     * nobody is left out: so it may be a third smaller, or larger where there are few clients. A backend that is only partly
     * in the arc has a part of its weight, in whole numbers, at least 1: weights of 100 or more are divided well.
     *
     * <p>When a backend comes or goes, each client gives up and takes in two others at most; or {@code backends / peers} more
     * where that makes the nearest whole number another one. When the clients are counted anew, arcs move by less than
     * {@code backends / peers}, apart from that.
     *
     * @param index of this client, from 0 to {@code peers - 1}, such as the ordinal of its pod; each client has its own
     * @param peers how many clients there are
     * @see "Twitter Finagle, deterministic aperture"
     */
    static Subset ofPeer(int index, int peers) {
        return new PeerSubset(index, peers, DEFAULT_SIZE);
    }

    /**
     * Draws a subset for a client that knows of no other: those whose ids hash lowest with the client's.
     *
     * <p>A backend that goes is replaced by one other, and one that comes replaces one at most; clients come and go unseen.
     * But backends get clients as by chance: with {@code c} on average the standard deviation is nearly {@code √c}, so a
     * backend that should have 20 may have 10 or 33.
     *
     * @param id another for each client, and the same after a restart if it is to find its backends again
     * @see "gRPC proposal A68, random subsetting with rendezvous hashing"
     */
    static Subset ofClient(String id) {
        return new ClientSubset(id, DEFAULT_SIZE);
    }

    /** The same with so many backends of each priority, at least 1; 20 by default. All of them where there are not more. */
    Subset withSize(int size);

    /** Who of these is in it, in the same order in each client. O(n log n): some 10 ms for 10,000. */
    List<Backend> of(Collection<Backend> backends);
}
