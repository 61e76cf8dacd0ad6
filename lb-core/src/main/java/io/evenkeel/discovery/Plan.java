package io.evenkeel.discovery;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One step that is to be made at its time; a time that is set anew takes the place of the one before. */
final class Plan implements AutoCloseable {
    private final Steps steps;
    private final Runnable step;
    private @Nullable Future<?> next; // guarded by this
    private boolean closed; // guarded by this

    Plan(Steps steps, Runnable step) {
        this.steps = steps;
        this.step = step;
    }

    synchronized void in(long delayNanos) {
        cancel();
        if (!closed) {
            next = steps.after(delayNanos, step);
        }
    }

    synchronized void cancel() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancel();
    }
}
