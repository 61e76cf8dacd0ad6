package io.evenkeel.okhttp;

import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whose bodies go on, and among them those that were forgotten. A stack without a lock: whoever adds to one that
 * has doubled, or has not been looked at for long, takes it, drops what is over and puts back what is left. So it needs no
 * thread, and an addition costs a constant time on the average.
 */
final class OpenAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(OpenAnswers.class);

    /** So many may be over before anybody looks: few enough to be in a near cache still. */
    private static final int SPARE = 16;

    private final BackendPool pool;
    private final LongSupplier nanoClock;
    private final long limitNanos;
    private final AtomicReference<@Nullable Open> newest = new AtomicReference<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile int roomFor = SPARE;
    private volatile long lookedNanos;

    OpenAnswers(BackendPool pool, LongSupplier nanoClock, Duration limit) {
        this.pool = pool;
        this.nanoClock = nanoClock;
        this.limitNanos = limit.toNanos();
        this.lookedNanos = nanoClock.getAsLong();
    }

    /** One answer, and how many are below it, this one included. */
    private static final class Open {
        private final Trip trip;
        private final long sinceNanos;
        private @Nullable Open below;
        private int depth;

        Open(Trip trip, long sinceNanos) {
            this.trip = trip;
            this.sinceNanos = sinceNanos;
        }
    }

    void add(Trip trip) {
        long now = nanoClock.getAsLong();
        int depth = push(new Open(trip, now));
        boolean isTime = depth > roomFor || now - lookedNanos >= limitNanos / 2;
        if (isTime && looking.compareAndSet(false, true)) {
            try {
                lookThrough(now);
            } finally {
                looking.set(false);
            }
        }
    }

    private int push(Open added) {
        Open before;
        do {
            before = newest.get();
            added.below = before;
            added.depth = before == null ? 1 : before.depth + 1;
        } while (!newest.compareAndSet(before, added));
        return added.depth;
    }

    private void lookThrough(long now) {
        lookedNanos = now;
        int left = 0;
        Open next = newest.getAndSet(null);
        while (next != null) {
            Open open = next;
            next = open.below;
            if (open.trip.outcome() == null && !endIfForgotten(open, now - open.sinceNanos)) {
                push(open);
                left++;
            }
        }
        roomFor = 2 * left + SPARE;
    }

    private boolean endIfForgotten(Open open, long age) {
        Request request = open.trip.request();
        if (age < limitNanos || "text/event-stream".equals(request.header("Accept"))) {
            return false;
        }
        String what = request.method() + " " + Origin.of(request.url())
                + request.url().encodedPath(); // without the query, which may hold secrets
        LOG.warn(
                "{} was answered by {} {} ago, and the body was neither read to its end nor closed: its caller leaks",
                what,
                open.trip.pick().backend(),
                Duration.ofNanos(age));
        LoadBalancerListener listeners = pool.listeners();
        listeners.leaked(pool.name(), open.trip.pick().backend(), what, age);
        open.trip.end();
        return true;
    }
}
