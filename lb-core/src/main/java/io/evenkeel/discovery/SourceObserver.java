package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.Collection;

/**
 * Takes what a {@link BackendSource} has found out. Safe for use by many threads; none of its methods waits or throws. It
 * is there for as long as the source is, and does nothing any more once that is closed. Of lists that come faster than they
 * can be taken in, the newest counts.
 */
public interface SourceObserver {

    /**
     * These are all backends there are. An empty list changes nothing and counts as a failure: it comes from a registry
     * that has just started far more often than from a service that is gone.
     */
    void deliver(Collection<Backend> backends);

    /**
     * Likewise, when the source knows how long that holds.
     *
     * @param askAgainIn in place of the refresh of the policy
     */
    void deliver(Collection<Backend> backends, Duration askAgainIn);

    /** It could not be found out; the last good list stays. {@code reason} says why in a few words. */
    void failed(String reason);
}
