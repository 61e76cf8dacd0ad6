package io.evenkeel.event;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;

/**
 * Hears what a pool and its balancers do, for metrics and logs. Every method does nothing by default.
 *
 * <pre>
 * for one member:   memberAdded  (stateChanged)*  memberRemoved
 * for one request:  picked  completed      or:  pickFailed
 * </pre>
 *
 * <p>Membership, state, panic and what discovery says are told one after the other, in the order in which they happened, on a thread of the
 * pool's own: who blocks there holds up other listeners and nobody else, until 10,000 events wait and further ones are
 * dropped and counted. {@code picked}, {@code completed}, {@code pickFailed} and {@code leaked} come on the thread that picks or reports, at
 * the same time from many threads, so they must be quick and must not block. What a listener throws is counted, logged once
 * a minute, and changes nothing.
 */
public interface LoadBalancerListener {

    /** A member joined the pool. */
    default void memberAdded(String pool, Backend backend) {}

    /** A member left the pool; requests that it is serving go on. */
    default void memberRemoved(String pool, Backend backend) {}

    /** A member may now be chosen, or no longer. {@code reason} says why in a few words. */
    default void stateChanged(String pool, Backend backend, BackendState from, BackendState to, String reason) {}

    /**
     * Too few members are well, so that from now on all are chosen from, well or not; or that is over.
     *
     * @param isPanicking true when it begins
     */
    default void panicChanged(String pool, boolean isPanicking) {}

    /**
     * A source has given no good answer for the hold time, so that what is known of it is stale from now on; or that is
     * over.
     *
     * @param isStale true when it begins
     * @param reason what went wrong last, or what came instead
     */
    default void staleChanged(String pool, String source, boolean isStale, String reason) {}

    /**
     * Discovery wants more members out at once than it may take away in a minute. Told whenever the number changes.
     *
     * @param held how many stay in for now; 0 when that is over
     */
    default void removalsHeld(String pool, int held) {}

    /**
     * A source knows a backend that does not become a member. Told once, until the reason changes or it is a member.
     *
     * @param reason such as a filter, the address policy or the limit of members
     */
    default void notPooled(String pool, Backend backend, String reason) {}

    /** A member was chosen. */
    default void picked(String pool, Backend backend) {}

    /**
     * What a member was chosen for has ended.
     *
     * @param elapsedNanos from the pick to the first answer, or to the end where no answer was reported
     */
    default void completed(String pool, Backend backend, Outcome outcome, long elapsedNanos) {}

    /** There was no member to choose; the exception is the one the caller gets. */
    default void pickFailed(String pool, Exception cause) {}

    /**
     * What a member was chosen for has been under way for so long that its caller must have forgotten it. Its slot is freed
     * now, and {@code completed} follows.
     *
     * @param what it is, such as the URL of a call without its query
     * @param elapsedNanos since the member answered
     */
    default void leaked(String pool, Backend backend, String what, long elapsedNanos) {}
}
