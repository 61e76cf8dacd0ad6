package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Picks all the while on a thread of its own, and times batches of picks, since a single one is shorter than any stop of
 * the machine; and after each batch, for control, as many choices by hand from an array that never changes. What the
 * machine does to that thread falls on both alike.
 */
final class PickWatch implements AutoCloseable {
    private static final int KEYS = 4_096;

    /** Some 20 to 200 µs. */
    private static final int BATCH = 1_000;

    /** Batches after a change that count as near it: what it has made is in no near cache yet. */
    private static final int FOLLOWING = 10;

    private final LoadBalancer balancer;
    private final Backend[] byHand;
    private final PickContext[] contexts;
    private final Thread thread = new Thread(this::run, "picks");
    private final AtomicLong turns = new AtomicLong(); // beginnings and ends of changes: odd while there is one
    private volatile Batches picks = new Batches();
    private volatile Batches control = new Batches();
    private volatile boolean over;
    private long seen; // turns, by the thread that picks
    private int near; // batches that are left near a change, likewise
    private volatile Throwable fault;
    private volatile Chosen chosen;

    /** As a pick does, the choice by hand allocates: whoever does that waits for the garbage collector. */
    private record Chosen(Backend backend) {}

    PickWatch(LoadBalancer balancer, List<Backend> backends) {
        this.balancer = balancer;
        this.byHand = backends.toArray(Backend[]::new);
        this.contexts =
                new SplittableRandom(5).longs(KEYS).mapToObj(PickContext::keyed).toArray(PickContext[]::new);
        thread.setDaemon(true);
        thread.start();
    }

    /** Forgets what was timed so far: that was to warm up. */
    void restart() {
        control = new Batches();
        picks = new Batches();
    }

    /** Makes a change of the pool, so that batches that begin near it are told apart. */
    void during(Runnable change) {
        turns.incrementAndGet();
        change.run();
        turns.incrementAndGet();
    }

    private void run() {
        try {
            for (int i = 0; !over; i = (i + BATCH) % KEYS) {
                boolean isNear = isNearChange();
                pickBatch(i, isNear);
                chooseBatch(i, isNear);
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
    }

    /** By when a batch begins, and not by what falls on it: a change would fall most often on those that take long anyway. */
    private boolean isNearChange() {
        long turn = turns.get();
        near = turn != seen ? FOLLOWING : near - 1;
        seen = turn;
        return turn % 2 == 1 || near > 0;
    }

    private void pickBatch(int first, boolean isNear) throws NoBackendException {
        long begin = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            Pick pick = balancer.pick(contexts[(first + i) % KEYS]);
            pick.responded();
            pick.report(Outcome.SUCCESS);
        }
        picks.add(System.nanoTime() - begin, isNear);
    }

    private void chooseBatch(int first, boolean isNear) {
        long begin = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            chosen = new Chosen(byHand[(int) (contexts[(first + i) % KEYS].key() >>> 33) % byHand.length]);
        }
        control.add(System.nanoTime() - begin, isNear);
    }

    /** The times of the picks; call it after {@link #close}. */
    Batches picks() {
        return picks;
    }

    /** The times of the choices by hand, likewise. */
    Batches control() {
        return control;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
        if (fault != null || chosen == null) {
            throw new IllegalStateException(
                    "picks ended after " + picks.between().count(), fault);
        }
    }
}
