package io.evenkeel;

import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Binds a strategy to each snapshot of a pool before the change that made it returns. One that may block is asked on a
 * thread of its own, and is waited for a moment and no longer: picks are random from then on until it answers.
 */
final class Binder implements AutoCloseable {
    /**
     * More than a table for 100,000 members takes, since random picks break affinity; and a tenth of a probe's default
     * timeout, since whoever waits may be the thread of all probes.
     */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final BackendPool pool;
    private final SelectionStrategy strategy;
    private final RandomGenerator random;
    private final boolean mayBlock;
    private final Meters meters;
    private final Consumer<Bound> publish;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isAnswered = lock.newCondition();
    private PoolSnapshot newest; // guarded by lock
    private long version = -1; // of what picks go by; guarded by lock
    private @Nullable Thread asking; // guarded by lock
    private boolean isOverdue; // nobody waits for the answer any more; guarded by lock
    private boolean closed; // guarded by lock

    /** {@code publish} is called by one thread at a time, with newer and newer snapshots. */
    Binder(BackendPool pool, SelectionStrategy strategy, RandomGenerator random, Consumer<Bound> publish) {
        this.pool = pool;
        this.strategy = strategy;
        this.random = random;
        this.mayBlock = strategy.mayBlock();
        this.meters = new Meters(strategy);
        this.publish = publish;
        this.newest = pool.snapshot();
    }

    /** Two changes at the same time end here in either order; the newest snapshot wins. */
    void follow(PoolSnapshot announced) {
        boolean isGivenUp = false;
        lock.lock();
        try {
            newest = announced.version() > newest.version() ? announced : newest;
            if (closed || newest.version() <= version) {
                return;
            }
            if (!mayBlock) {
                publish(bind(newest));
                return;
            }
            if (isToBeAwaited() && !await(announced.version())) {
                isOverdue = true;
                isGivenUp = true;
            }
            if (!closed && announced.version() > version) {
                publish(Bound.byChance(newest));
            }
        } finally {
            lock.unlock();
        }
        if (isGivenUp) {
            pool.faults().caught("strategy", new TimeoutException("no selector within " + PATIENCE));
        }
    }

    /** Sees to it that the strategy is being asked. It is not waited for in vain, nor by itself. */
    private boolean isToBeAwaited() {
        if (asking == null) {
            Thread thread = new Thread(this::ask, "evenkeel-strategy-" + pool.name());
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (Throwable fault) { // no thread left
                pool.faults().caught("strategy", fault);
                return false;
            }
            asking = thread;
        }
        return !isOverdue && asking != Thread.currentThread();
    }

    private boolean await(long wanted) {
        long leftNanos = PATIENCE.toNanos();
        boolean isInterrupted = false;
        while (!closed && version < wanted && leftNanos > 0) {
            try {
                leftNanos = isAnswered.awaitNanos(leftNanos);
            } catch (InterruptedException e) {
                isInterrupted = true; // it is the change that was interrupted, which has been made
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        return closed || version >= wanted;
    }

    private void ask() {
        Bound answer = bind(newest());
        while (!isLast(answer)) {
            answer = bind(newest());
        }
    }

    private PoolSnapshot newest() {
        lock.lock();
        try {
            return newest;
        } finally {
            lock.unlock();
        }
    }

    /** Takes an answer, unless picks go by a newer snapshot meanwhile. False if there is a newer one to ask for. */
    private boolean isLast(Bound answer) {
        lock.lock();
        try {
            long answered = answer.snapshot().version();
            if (!closed && answered >= version) {
                isOverdue = false;
                publish(answer);
                isAnswered.signalAll();
            }
            boolean isLast = closed || newest.version() <= answered;
            if (isLast) {
                asking = null;
            }
            return isLast;
        } finally {
            lock.unlock();
        }
    }

    private void publish(Bound next) {
        version = next.snapshot().version();
        publish.accept(next);
    }

    private Bound bind(PoolSnapshot snapshot) {
        try {
            PoolSnapshot metered = meters.onto(snapshot);
            if (mayBlock) {
                return Bound.of(strategy, metered, random);
            }
            // Whoever hands a strategy on has two balancers for a moment, and it remembers what it was told last.
            synchronized (strategy) {
                return Bound.of(strategy, metered, random);
            }
        } catch (Throwable fault) {
            pool.faults().caught("strategy", fault);
            return Bound.byChance(snapshot);
        }
    }

    /** Nothing is published any more. A second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            isAnswered.signalAll();
            if (asking != null) {
                asking.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
