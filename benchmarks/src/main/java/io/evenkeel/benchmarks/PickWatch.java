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
    private volatile Nanos picks = new Nanos();
    private volatile Nanos control = new Nanos();
    private volatile boolean over;
    private volatile Throwable fault;
    private int seen;

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
        control = new Nanos();
        picks = new Nanos();
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
        picks.add(picked - begin);
        pick.responded();
        pick.report(Outcome.SUCCESS);
        begin = System.nanoTime();
        Backend chosen = byHand[(int) (context.key() >>> 33) % byHand.length];
        seen += chosen.weight(); // so that it cannot be left out
        control.add(System.nanoTime() - begin);
    }

    /** The times of the picks; call it after {@link #close}. */
    Nanos picks() {
        return picks;
    }

    /** The times of the choices by hand, likewise. */
    Nanos control() {
        return control;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
        if (fault != null || seen == 0) {
            throw new IllegalStateException("picks ended after " + picks.count(), fault);
        }
    }
}
