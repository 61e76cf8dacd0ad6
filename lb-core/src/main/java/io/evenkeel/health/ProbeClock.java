package io.evenkeel.health;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Time, the tasks that wait for it, and chance, all of them the caller's. */
record ProbeClock(ScheduledExecutorService scheduler, RandomGenerator random, LongSupplier nanoClock) {
    private static final long CENTURY_DAYS = 36_500;

    /** With the scheduler's own clock, which shows in how long a task has still to wait. */
    static ProbeClock of(ScheduledExecutorService scheduler, RandomGenerator random) {
        try {
            // Far ahead, since some schedulers never show less than zero.
            ScheduledFuture<?> mark = scheduler.schedule(() -> {}, CENTURY_DAYS, TimeUnit.DAYS);
            mark.cancel(false);
            return new ProbeClock(scheduler, random, () -> -mark.getDelay(TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            return new ProbeClock(scheduler, random, () -> 0); // shut down: there will be no probe to time
        }
    }

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
