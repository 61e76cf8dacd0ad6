package io.evenkeel.okhttp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A quantile of the latest 256 times, worked out anew after every 32. Exact, since a hedge is sent for each time above it.
 * Written without a lock: a time that two threads write at once is one of many.
 */
final class RecentTimes {
    private static final int WINDOW = 256;
    private static final int STEP = 32;

    /** With fewer, a high quantile would be the greatest of a few. */
    private static final int LEAST = 64;

    private final double quantile;
    private final AtomicLongArray nanos = new AtomicLongArray(WINDOW);
    private final AtomicLong seen = new AtomicLong();
    private volatile long value;

    RecentTimes(double quantile) {
        this.quantile = quantile;
    }

    /** 0 until there are enough. */
    long nanos() {
        return value;
    }

    void add(long sample) {
        long before = seen.getAndIncrement();
        nanos.set((int) (before % WINDOW), sample);
        long now = before + 1;
        if (now % STEP == 0 && now >= LEAST) {
            value = atQuantile((int) Math.min(now, WINDOW));
        }
    }

    private long atQuantile(int count) {
        long[] sorted = new long[count];
        Arrays.setAll(sorted, nanos::get);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(quantile * count) - 1)];
    }
}
