package io.evenkeel.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Time, the tasks that wait for it, and chance, all of them the caller's. */
record ProbeClock(ScheduledExecutorService scheduler, RandomGenerator random, LongSupplier nanoClock) {
    long now() {
        return nanoClock.getAsLong();
    }

    /** From 0 to 1. */
    double chance() {
        return random.nextDouble();
    }

    void execute(Runnable task) {
        try {
            scheduler.execute(task);
        } catch (RejectedExecutionException e) {
            // The scheduler was shut down before the monitor: nobody waits for this verdict any more.
        }
    }

    Future<?> after(long delayNanos, Runnable task) {
        try {
            return scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // as above
        }
    }
}
