package io.evenkeel.pool;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Wakes a pool at the earliest of the times it asks for. Called under the pool's lock. */
final class Alarm {
    /** Nothing to wake for. */
    static final long NEVER = Long.MAX_VALUE;

    private final ScheduledExecutorService scheduler;
    private final LongConsumer action;
    private @Nullable Future<?> next;
    private long delayNanos = NEVER;
    private long number;

    /** {@code action} is told which ring it is. */
    Alarm(ScheduledExecutorService scheduler, LongConsumer action) {
        this.scheduler = scheduler;
        this.action = action;
    }

    /** Whether a ring is the latest that was asked for, which is thereby over: an older one came too late. */
    boolean isDue(long ring) {
        if (ring != number) {
            return false;
        }
        next = null;
        return true;
    }

    /** Replaces the time that was asked for before. */
    void in(long delay) {
        if (next != null) {
            if (delayNanos == delay) {
                return;
            }
            next.cancel(false);
            next = null;
        }
        delayNanos = delay;
        long ring = ++number;
        if (delay != NEVER) {
            try {
                next = scheduler.schedule(() -> action.accept(ring), Math.max(0, delay), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The scheduler was shut down before the pool was closed: nobody waits for what time would bring.
            }
        }
    }
}
