package io.evenkeel.pool;

import io.evenkeel.backend.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one member of one pool has been given to do. It lives as long as the member stays in its pool.
 *
 * <p>Safe for use by many threads. Each number is exact; two numbers read one after the other belong to slightly
 * different moments.
 */
public final class LoadStats {
    private static final VarHandle STARTED = handle("started");
    private static final VarHandle ENDED = handle("ended");
    private static final VarHandle FAILURES = handle("failures");
    private static final VarHandle TIMEOUTS = handle("timeouts");
    private static final VarHandle CANCELLATIONS = handle("cancellations");

    // In flight is the difference of two counts that only grow: one atomic addition at either end of a pick, and the
    // totals come for nothing.
    private volatile long started;
    private volatile long ended;
    private volatile long failures;
    private volatile long timeouts;
    private volatile long cancellations;

    LoadStats() {}

    /** Picks that have not ended. */
    public long inFlight() {
        // Ended is read first: a pick that begins and ends between the two reads must not make the difference negative.
        long endedSoFar = ended;
        return started - endedSoFar;
    }

    /** Picks so far. */
    public long picks() {
        return started;
    }

    /** Picks that ended well. */
    public long successes() {
        return Math.max(0, ended - failures - timeouts - cancellations);
    }

    /** Picks that ended in {@link Outcome#FAILURE}. */
    public long failures() {
        return failures;
    }

    /** Picks that ended in {@link Outcome#TIMEOUT}. */
    public long timeouts() {
        return timeouts;
    }

    /** Picks that ended in {@link Outcome#CANCELLED}. */
    public long cancellations() {
        return cancellations;
    }

    void begin() {
        long unused = (long) STARTED.getAndAdd(this, 1L);
    }

    void end(Outcome outcome) {
        switch (outcome) {
            case SUCCESS -> {}
            case FAILURE -> FAILURES.getAndAdd(this, 1L);
            case TIMEOUT -> TIMEOUTS.getAndAdd(this, 1L);
            case CANCELLED -> CANCELLATIONS.getAndAdd(this, 1L);
        }
        long unused = (long) ENDED.getAndAdd(this, 1L);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LoadStats.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
