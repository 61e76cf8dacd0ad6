package io.evenkeel.netty;

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

    void leave() {
        open.decrementAndGet();
    }

    int open() {
        return open.get();
    }
}
