package io.evenkeel.benchmarks;

/** Times of batches of one thing: of those that began near a change of the pool, and of the others. For one thread. */
final class Batches {
    private final Nanos near = new Nanos();
    private final Nanos between = new Nanos();

    void add(long nanos, boolean isNearChange) {
        (isNearChange ? near : between).add(nanos);
    }

    /** The batches that began while a member was being replaced, or next after it. */
    Nanos near() {
        return near;
    }

    /** All others. */
    Nanos between() {
        return between;
    }

    /** The median batch near a change, as a multiple of the median batch between changes. */
    double slowdown() {
        return near.quantile(0.5) / (double) between.quantile(0.5);
    }

    long slowest() {
        return Math.max(near.slowest(), between.slowest());
    }

    /** How many of all took over twice as long as the median between changes, in percent. */
    double slowPercent() {
        long twice = 2 * between.quantile(0.5);
        return 100.0 * (near.above(twice) + between.above(twice)) / (near.count() + between.count());
    }
}
