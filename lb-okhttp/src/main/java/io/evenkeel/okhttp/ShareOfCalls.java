package io.evenkeel.okhttp;

import java.util.concurrent.atomic.AtomicInteger;

/** One further attempt for every fifth call, of which at most ten are saved; these are there at the start. */
final class ShareOfCalls implements Budget {
    private static final int CALLS_PER_ATTEMPT = 5;
    private static final int MOST = 10 * CALLS_PER_ATTEMPT;

    private final AtomicInteger saved = new AtomicInteger(MOST);

    @Override
    public void called() {
        if (saved.get() < MOST) {
            saved.incrementAndGet();
        }
    }

    @Override
    public boolean tryRetry() {
        int before;
        do {
            before = saved.get();
            if (before < CALLS_PER_ATTEMPT) {
                return false;
            }
        } while (!saved.compareAndSet(before, before - CALLS_PER_ATTEMPT));
        return true;
    }
}
