package io.evenkeel.pool;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.Faults;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Passes what happens in a pool on to its listeners, and keeps what they throw away from the pool. */
final class Events implements LoadBalancerListener {
    /** A listener that hangs must not fill the memory. */
    private static final int MOST_WAITING = 10_000;

    private final String pool;
    private final LongSupplier nanoClock;
    private final Faults faults;
    private volatile LoadBalancerListener[] listeners = {};

    private final Queue<Consumer<LoadBalancerListener>> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean delivering = new AtomicBoolean();
    private final Executor executor;

    private final List<Consumer<Member>> judges = new CopyOnWriteArrayList<>();
    private volatile BiConsumer<Member, Outcome> trials = (member, outcome) -> {};

    Events(String pool, LongSupplier nanoClock, Executor executor) {
        this.pool = pool;
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.faults = new Faults("pool " + pool, nanoClock);
    }

    String pool() {
        return pool;
    }

    Faults faults() {
        return faults;
    }

    /** Whether anybody listens: if not, nobody reads the clock either. */
    boolean isHeard() {
        return listeners.length > 0;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    synchronized Subscription add(LoadBalancerListener listener) {
        LoadBalancerListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = listener;
        listeners = more;
        return () -> remove(listener);
    }

    private synchronized void remove(LoadBalancerListener listener) {
        listeners = Arrays.stream(listeners).filter(l -> l != listener).toArray(LoadBalancerListener[]::new);
    }

    /** Who is told of each pick that went wrong. */
    Subscription addJudge(Consumer<Member> judge) {
        judges.add(judge);
        return () -> judges.remove(judge);
    }

    /** Who is told of each end of a trial. */
    void onTrialEnd(BiConsumer<Member, Outcome> action) {
        trials = action;
    }

    void wentWrong(Member member) {
        for (Consumer<Member> judge : judges) {
            try {
                judge.accept(member);
            } catch (Throwable fault) {
                faults.caught("judge", fault);
            }
        }
    }

    void trialEnded(Member member, Outcome outcome) {
        trials.accept(member, outcome);
    }

    /** Notes a change; of members, under the pool's lock, so that the order of the notes is the order of the changes. */
    void note(Consumer<LoadBalancerListener> change) {
        if (!isHeard()) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            faults.caught("listener", new IllegalStateException("is so slow that an event was dropped"));
        } else {
            changes.add(change);
        }
    }

    /** Has told what was noted, one thing after the other; called without the pool's lock. */
    void deliver() {
        if (!changes.isEmpty() && delivering.compareAndSet(false, true)) {
            try {
                executor.execute(this::tellChanges);
            } catch (RejectedExecutionException e) {
                delivering.set(false); // the pool is closed, and nobody is told any more
            } catch (Throwable fault) { // no thread left: told with the next change
                delivering.set(false);
                caught(fault);
            }
        }
    }

    private void tellChanges() {
        for (Consumer<LoadBalancerListener> change = changes.poll(); change != null; change = changes.poll()) {
            waiting.decrementAndGet();
            tell(change);
        }
        delivering.set(false);
        deliver(); // what came after the last look and before the flag was down
    }

    private void tell(Consumer<LoadBalancerListener> change) {
        for (LoadBalancerListener listener : listeners) {
            try {
                change.accept(listener);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    // The hot ones: no lambda, so nothing is allocated.

    @Override
    public void picked(String pool, Backend backend) {
        for (LoadBalancerListener listener : listeners) {
            try {
                listener.picked(pool, backend);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    @Override
    public void completed(String pool, Backend backend, Outcome outcome, long elapsedNanos) {
        for (LoadBalancerListener listener : listeners) {
            try {
                listener.completed(pool, backend, outcome, elapsedNanos);
            } catch (Throwable fault) {
                caught(fault);
            }
        }
    }

    @Override
    public void pickFailed(String pool, Exception cause) {
        tell(listener -> listener.pickFailed(pool, cause));
    }

    @Override
    public void leaked(String pool, Backend backend, String what, long elapsedNanos) {
        tell(listener -> listener.leaked(pool, backend, what, elapsedNanos));
    }

    @Override
    public void memberAdded(String pool, Backend backend) {
        tell(listener -> listener.memberAdded(pool, backend));
    }

    @Override
    public void memberRemoved(String pool, Backend backend) {
        tell(listener -> listener.memberRemoved(pool, backend));
    }

    @Override
    public void stateChanged(String pool, Backend backend, BackendState from, BackendState to, String reason) {
        tell(listener -> listener.stateChanged(pool, backend, from, to, reason));
    }

    @Override
    public void panicChanged(String pool, boolean isPanicking) {
        tell(listener -> listener.panicChanged(pool, isPanicking));
    }

    // From discovery, which must not wait for listeners either.

    @Override
    public void staleChanged(String pool, String source, boolean isStale, String reason) {
        note(listener -> listener.staleChanged(pool, source, isStale, reason));
        deliver();
    }

    @Override
    public void removalsHeld(String pool, int held) {
        note(listener -> listener.removalsHeld(pool, held));
        deliver();
    }

    @Override
    public void notPooled(String pool, Backend backend, String reason) {
        note(listener -> listener.notPooled(pool, backend, reason));
        deliver();
    }

    private void caught(Throwable fault) {
        faults.caught("listener", fault);
    }
}
