package io.evenkeel.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many flows are open. Never above a limit, not even for a moment. */
final class FlowCount {
    private final AtomicInteger open = new AtomicInteger();

    /** Counts one more, unless there are so many already. */
    boolean enter(int limit) {
        for (int now = open.get(); now < limit; now = open.get()) {
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    int open() {
        return open.get();
    }

    void leave() {
        if (open.decrementAndGet() == 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Returns when there is none, or the time is over. */
    synchronized void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); open.get() > 0 && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
