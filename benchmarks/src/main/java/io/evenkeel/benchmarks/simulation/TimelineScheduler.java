package io.evenkeel.benchmarks.simulation;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A scheduler whose tasks are events of a timeline: pools and monitors live in the same time as the requests. */
final class TimelineScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final Timeline timeline;

    TimelineScheduler(Timeline timeline) {
        this.timeline = timeline;
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return plan(Executors.callable(command), unit.toNanos(delay), 0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return plan(callable, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return plan(Executors.callable(command), unit.toNanos(initialDelay), unit.toNanos(period));
    }

    /** The same as at a fixed rate: a task takes no virtual time. */
    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    private <V> Task<V> plan(Callable<V> callable, long delayNanos, long periodNanos) {
        Task<V> task = new Task<>(callable, periodNanos);
        task.planIn(delayNanos);
        return task;
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V>, Timeline.Event {
        private final long periodNanos;
        private long dueNanos;

        Task(Callable<V> callable, long periodNanos) {
            super(callable);
            this.periodNanos = periodNanos;
        }

        void planIn(long delayNanos) {
            dueNanos = timeline.now() + Math.max(0, delayNanos);
            timeline.at(dueNanos, this, 0);
        }

        @Override
        public void happen(int tag) {
            if (isDone()) {
                return;
            }
            if (periodNanos == 0) {
                run();
                rethrow();
            } else if (runAndReset()) {
                planIn(periodNanos);
            } else {
                rethrow();
            }
        }

        /** A future swallows what its task throws; a simulation must not go on without it. */
        private void rethrow() {
            try {
                get();
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException("a scheduled task threw", e);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - timeline.now(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Does nothing: the timeline ends when nobody runs it any more. */
    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
