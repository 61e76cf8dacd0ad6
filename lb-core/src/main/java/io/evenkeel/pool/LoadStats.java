package io.evenkeel.pool;

import io.evenkeel.backend.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one member of one pool has been given to do, by this process. It lives as long as the member stays in its pool.
 *
 * <p>But for {@link #inFlight} and what is in a row, numbers only grow: who wants the rate or the latency of the last second
 * reads twice, a second apart, and takes the differences. So each reader has a window of its own, and nothing gets stale.
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
    private static final VarHandle FAILURES_IN_A_ROW = handle("failuresInARow");
    private static final VarHandle TIMED_PICKS = handle("timedPicks");
    private static final VarHandle LATENCY_NANOS = handle("latencyNanos");

    // In flight is the difference of two counts that only grow: one atomic addition at either end of a pick, and the
    // totals come for nothing.
    // What each pick touches comes first, so that it is most often in one line of a cache.
    private volatile long started;
    private volatile long ended;
    private volatile long failuresInARow;
    private volatile long latencyNanos;
    private volatile long timedPicks;
    private volatile long failures;
    private volatile long timeouts;
    private volatile long cancellations;
    private volatile long unansweredInARow;
    private volatile @Nullable Runnable whenEmpty;

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

    /** Failures and timeouts since the last success. */
    public long failuresInARow() {
        return failuresInARow;
    }

    /** Those of the failures in a row, from the latest back, that came before any answer: it could not be reached. */
    public long unansweredInARow() {
        return unansweredInARow;
    }

    /**
     * Picks whose latency is known: the backend has answered, well or not, or its time was up, since an overload that shows
     * in timeouts must not look quick. Only while latency is measured: {@link BackendPool#measureLatency} says when that is.
     */
    public long timedPicks() {
        return timedPicks;
    }

    /**
     * The latencies of all {@link #timedPicks} together: from the pick to the first answer, or to the timeout. The mean is
     * this divided by that; of both, what has been added since the last reading.
     */
    public Duration totalLatency() {
        return Duration.ofNanos(latencyNanos);
    }

    /** Runs {@code action} whenever nothing is in flight any more; null for no action. */
    void whenEmpty(@Nullable Runnable action) {
        whenEmpty = action;
    }

    void begin() {
        long unused = (long) STARTED.getAndAdd(this, 1L);
    }

    /** Takes an end in, and returns whether it is one that speaks against the member. */
    boolean end(Outcome outcome, boolean isAnswered) {
        if (outcome != Outcome.SUCCESS) {
            return endWithout(outcome, isAnswered);
        }
        // Written only if there is something to forget: a write for each success would be the dearest part of it.
        if (failuresInARow != 0) {
            failuresInARow = 0;
            unansweredInARow = 0;
        }
        ended();
        return false;
    }

    private boolean endWithout(Outcome outcome, boolean isAnswered) {
        VarHandle count = switch (outcome) {
            case FAILURE -> FAILURES;
            case TIMEOUT -> TIMEOUTS;
            default -> CANCELLATIONS;
        };
        long unused = (long) count.getAndAdd(this, 1L);
        boolean isAgainst = outcome != Outcome.CANCELLED;
        if (isAgainst) {
            unused = (long) FAILURES_IN_A_ROW.getAndAdd(this, 1L);
            unansweredInARow = isAnswered ? 0 : unansweredInARow + 1; // a lost count delays a verdict by one failure
        }
        ended();
        return isAgainst;
    }

    private void ended() {
        long unused = (long) ENDED.getAndAdd(this, 1L);
        Runnable action = whenEmpty;
        if (action != null && inFlight() == 0) {
            action.run();
        }
    }

    /** Takes a latency in. The sum comes first, so that a reader who meets the two apart finds no answer that took no time. */
    void took(long nanos) {
        long unused = (long) LATENCY_NANOS.getAndAdd(this, nanos);
        unused = (long) TIMED_PICKS.getAndAdd(this, 1L);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LoadStats.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
