package io.evenkeel.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A clock and a scheduler in one, which move only when a test says so; for one thread. What a task throws fails the test
 * that advances the time.
 */
public final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService {
    private final PriorityQueue<Task<?>> tasks =
            new PriorityQueue<>(Comparator.<Task<?>>comparingLong(t -> t.due).thenComparingLong(t -> t.sequence));
    private long nanos = 1; // a pick that begins at 0 has not read the clock
    private long sequence;
    private boolean shutdown;

    /** The time, as a clock to inject. */
    public long nanoTime() {
        return nanos;
    }

    /** Moves on, and runs what is due on the way, in order. */
    public void advance(Duration duration) {
        long end = nanos + duration.toNanos();
        while (!tasks.isEmpty() && tasks.peek().due <= end) {
            Task<?> task = tasks.poll();
            nanos = Math.max(nanos, task.due);
            task.runNow();
        }
        nanos = end;
    }

    /** Stands still while the clock goes on, as a process that was stopped: what became due runs with the next advance. */
    public void suspend(Duration duration) {
        nanos += duration.toNanos();
    }

    /** How many tasks wait for their time. */
    public int pendingTasks() {
        return tasks.size();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(command, delay, unit);
    }

    /** Tasks without a delay are due at once, and run with the next advance. */
    @Override
    public void execute(Runnable command) {
        add(command, 0, TimeUnit.NANOSECONDS);
    }

    private Task<?> add(Runnable command, long delay, TimeUnit unit) {
        if (shutdown) {
            throw new java.util.concurrent.RejectedExecutionException("shut down");
        }
        long due = nanos + Math.min(unit.toNanos(delay), Long.MAX_VALUE - nanos); // as far off as can be
        Task<?> task = new Task<>(command, due, sequence++);
        tasks.add(task);
        return task;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing under test needs it");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing under test needs it");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        Repeating repeating = new Repeating(command, unit.toNanos(delay));
        repeating.next = add(repeating, initial, unit);
        return repeating.next.repeatedBy(repeating);
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = List.copyOf(tasks);
        tasks.clear();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    /** Plans itself anew after each run, until it is cancelled. */
    private final class Repeating implements Runnable {
        private final Runnable command;
        private final long delayNanos;
        private Task<?> next;
        private boolean cancelled;

        Repeating(Runnable command, long delayNanos) {
            this.command = command;
            this.delayNanos = delayNanos;
        }

        @Override
        public void run() {
            command.run();
            if (!cancelled) {
                next = add(this, delayNanos, TimeUnit.NANOSECONDS);
            }
        }

        void cancel() {
            cancelled = true;
            tasks.remove(next);
        }
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long due;
        private final long sequence;
        private Repeating repeating;

        Task(Runnable command, long due, long sequence) {
            super(command, null);
            this.due = due;
            this.sequence = sequence;
        }

        Task<V> repeatedBy(Repeating owner) {
            repeating = owner;
            return this;
        }

        void runNow() {
            if (isCancelled()) {
                return;
            }
            run();
            try {
                get();
            } catch (ExecutionException e) {
                throw new AssertionError("a scheduled task threw", e.getCause());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            tasks.remove(this);
            if (repeating != null) {
                repeating.cancel();
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
