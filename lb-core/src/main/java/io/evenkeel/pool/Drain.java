package io.evenkeel.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * An operator's wish that a member become empty.
 *
 * @param load of the member
 * @param deadlineNanos when waiting ends
 * @param executor runs what waits for the end: it must not run on the thread that happens to report the last pick
 * @param end completes with true when nothing is in flight, with false at the deadline
 */
record Drain(LoadStats load, long deadlineNanos, Executor executor, CompletableFuture<Boolean> end) {

    void endIfEmpty() {
        if (load.inFlight() == 0) {
            end(true);
        }
    }

    void end(boolean isEmpty) {
        load.whenEmpty(null);
        try {
            executor.execute(() -> end.complete(isEmpty));
        } catch (RejectedExecutionException e) {
            end.complete(isEmpty); // the pool is closed, and nobody may be left waiting
        }
    }
}
