package io.evenkeel.pool;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wakes a pool at the earliest of the times it asks for. Called under the pool's lock. */
final class Alarm {
    /** Nothing to wake for. */
    static final long NEVER = Long.MAX_VALUE;

    private final ScheduledExecutorService scheduler;
    private final Runnable action;
    private @Nullable Future<?> next;
    private long delayNanos = NEVER;

    Alarm(ScheduledExecutorService scheduler, Runnable action) {
        this.scheduler = scheduler;
        this.action = action;
    }

    /** Replaces the time that was asked for before. */
    void in(long delay) {
        if (next != null && !next.isDone()) {
            if (delayNanos == delay) {
                return;
            }
            next.cancel(false);
        }
        delayNanos = delay;
        next = null;
        if (delay != NEVER) {
            try {
                next = scheduler.schedule(action, Math.max(0, delay), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The scheduler was shut down before the pool was closed: nobody waits for what time would bring.
            }
        }
    }
}
