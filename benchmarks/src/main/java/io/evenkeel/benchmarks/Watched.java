package io.evenkeel.benchmarks;

/** Times of one thing that is done again and again: all of them, and those of the worst millisecond. For one thread. */
final class Watched {
    private static final long WINDOW_NANOS = 1_000_000;

    /** Fewer say that the thread was not running, and nothing else. */
    private static final int LEAST = 100;

    private final Nanos all = new Nanos();
    private final Nanos window = new Nanos();
    private long windowEnd;
    private long worstMedian;

    void add(long begin, long end) {
        if (end - windowEnd > 0) {
            closeWindow();
            windowEnd = end + WINDOW_NANOS;
        }
        all.add(end - begin);
        window.add(end - begin);
    }

    private void closeWindow() {
        if (window.count() >= LEAST) {
            worstMedian = Math.max(worstMedian, window.quantile(0.5));
        }
        window.clear();
    }

    Nanos all() {
        return all;
    }

    /** The median within the worst millisecond, as a multiple of the median of all. */
    double worst() {
        return worstMedian / (double) all.quantile(0.5);
    }
}
