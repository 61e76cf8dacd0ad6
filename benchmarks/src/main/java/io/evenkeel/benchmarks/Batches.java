package io.evenkeel.benchmarks;

/** Times of batches of one thing: of those that a change of the pool fell on, and of the others. For one thread. */
final class Batches {
    private final Nanos during = new Nanos();
    private final Nanos between = new Nanos();

    void add(long nanos, boolean isDuringChange) {
        (isDuringChange ? during : between).add(nanos);
    }

    /** The batches that began, went on or ended while a member was being replaced. */
    Nanos during() {
        return during;
    }

    /** All others. */
    Nanos between() {
        return between;
    }

    /** The median batch during a change, as a multiple of the median batch between changes. */
    double slowdown() {
        return during.quantile(0.5) / (double) between.quantile(0.5);
    }

    long slowest() {
        return Math.max(during.slowest(), between.slowest());
    }

    /** How many of all took over twice as long as the median between changes, in percent. */
    double slowPercent() {
        long twice = 2 * between.quantile(0.5);
        return 100.0 * (during.above(twice) + between.above(twice)) / (during.count() + between.count());
    }
}
