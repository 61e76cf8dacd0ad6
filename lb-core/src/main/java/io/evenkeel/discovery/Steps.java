package io.evenkeel.discovery;

import com.google.common.util.concurrent.MoreExecutors;
import io.evenkeel.event.Faults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Does one thing after the other on the caller's scheduler, so that what is written there needs no lock. */
final class Steps {
    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final LongSupplier nanoClock;
    private final Faults faults;
    private final Executor line;

    Steps(ScheduledExecutorService scheduler, RandomGenerator random, LongSupplier nanoClock, Faults faults) {
        this.scheduler = scheduler;
        this.random = random;
        this.nanoClock = nanoClock;
        this.faults = faults;
        this.line = MoreExecutors.newSequentialExecutor(scheduler);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** From 0 to 1. */
    double chance() {
        return random.nextDouble();
    }

    /** Adds a step to the line. */
    void run(Runnable step) {
        try {
            line.execute(() -> {
                try {
                    step.run();
                } catch (Throwable fault) { // a filter of the user's, or a subscriber of the pool
                    faults.caught("discovery", fault);
                }
            });
        } catch (RejectedExecutionException e) {
            // The scheduler was shut down before discovery was closed: nobody waits for news any more.
        }
    }

    /** Adds a step to the line when it is time. */
    Future<?> after(long delayNanos, Runnable step) {
        try {
            return scheduler.schedule(() -> run(step), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // as above
        }
    }
}
