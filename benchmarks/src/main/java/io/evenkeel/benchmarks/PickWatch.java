package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Picks all the while on a thread of its own and times each pick; and after each pick, for control, a choice by hand from
 * an array that never changes. What the machine does to that thread falls on both alike.
 */
final class PickWatch implements AutoCloseable {
    private static final int KEYS = 4_096;

    private final LoadBalancer balancer;
    private final Backend[] byHand;
    private final PickContext[] contexts;
    private final Thread thread = new Thread(this::run, "picks");
    private volatile Watched picks = new Watched();
    private volatile Watched control = new Watched();
    private volatile boolean over;
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
        control = new Watched();
        picks = new Watched();
    }

    private void run() {
        try {
            for (int i = 0; !over; i = (i + 1) % KEYS) {
                pickOnce(contexts[i]);
            }
        } catch (Throwable thrown) {
            fault = thrown;
        }
    }

    private void pickOnce(PickContext context) throws NoBackendException {
        long begin = System.nanoTime();
        Pick pick = balancer.pick(context);
        long picked = System.nanoTime();
        picks.add(begin, picked);
        pick.responded();
        pick.report(Outcome.SUCCESS);
        begin = System.nanoTime();
        chosen = new Chosen(byHand[(int) (context.key() >>> 33) % byHand.length]);
        picked = System.nanoTime();
        control.add(begin, picked);
    }

    /** The times of the picks; call it after {@link #close}. */
    Watched picks() {
        return picks;
    }

    /** The times of the choices by hand, likewise. */
    Watched control() {
        return control;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
        if (fault != null || chosen == null) {
            throw new IllegalStateException("picks ended after " + picks.all().count(), fault);
        }
    }
}
