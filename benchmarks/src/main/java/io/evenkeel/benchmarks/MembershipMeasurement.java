package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One member of 10,000 is replaced again and again: what that costs, and what it does to picks meanwhile. */
final class MembershipMeasurement {
    private static final int MEMBERS = 10_000;
    private static final List<String> NAMES = List.of(
            "round robin",
            "weighted round robin",
            "random",
            "two choices",
            "peak EWMA",
            "adaptive",
            "pinned",
            "Maglev",
            "bounded Maglev",
            "ring hash");
    private static final long SECOND_NANOS = 1_000_000_000;

    /** Seldom enough that most batches of picks are far from any change, also where one takes some 30 ms. */
    private static final long PAUSE_NANOS = 200_000_000;

    /** A change may take a core of two for itself, and what it writes passes through the caches that picks read from. */
    private static final double MOST_SLOWDOWN = 1.5;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Report report = new Report("One of 10,000 members replaced 5 times a second, while one thread picks");
    private final int changes;

    private MembershipMeasurement(int changes) {
        this.changes = changes;
    }

    static Report measure(boolean isQuick) throws InterruptedException {
        MembershipMeasurement measurement = new MembershipMeasurement(isQuick ? 25 : 100);
        for (String name : NAMES) {
            measurement.measure(name);
        }
        return measurement.report;
    }

    private void measure(String name) throws InterruptedException {
        List<Backend> backends = new ArrayList<>(Strategies.backends(name, MEMBERS));
        try (BackendPool pool = BackendPool.builder("bench").backends(backends).build();
                LoadBalancer balancer =
                        LoadBalancer.over(pool).strategy(Strategies.named(name)).build()) {
            PickWatch watch = new PickWatch(balancer, backends);
            try (watch) {
                int next = warmUp(name, pool, backends);
                watch.restart();
                long cpu = threads.getCurrentThreadCpuTime();
                long due = System.nanoTime();
                for (int change = 0; change < changes; change++) {
                    int number = next++;
                    watch.during(() -> replaceOne(name, pool, backends, number));
                    due += PAUSE_NANOS;
                    sleepUntil(due);
                }
                cost(name, (threads.getCurrentThreadCpuTime() - cpu) / (double) changes);
            }
            picks(name, watch);
        }
    }

    private static int warmUp(String name, BackendPool pool, List<Backend> backends) {
        long end = System.nanoTime() + SECOND_NANOS;
        int next = MEMBERS;
        while (System.nanoTime() - end < 0) {
            replaceOne(name, pool, backends, next++);
        }
        return next;
    }

    /** Tells the pool the whole list, as a registry does. */
    private static void replaceOne(String name, BackendPool pool, List<Backend> backends, int number) {
        backends.set(number * 7 % MEMBERS, Strategies.backend(name, number));
        pool.replace(backends);
    }

    private static void sleepUntil(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    private void cost(String name, double nanos) {
        double limit = name.contains("Maglev") ? 10 : 1;
        report.atMost(
                name + ", % of a core",
                words("%.2f ms a change, once a second", nanos / 1e6),
                100 * nanos / SECOND_NANOS,
                limit);
    }

    private void picks(String name, PickWatch watch) {
        Batches picks = watch.picks();
        Batches byHand = watch.control();
        report.atMost(
                name + ", 1,000 picks near a change / between changes",
                words(
                        "median of %d: %.1f µs, of %d: %.1f µs; by hand %.2f",
                        picks.near().count(),
                        picks.near().quantile(0.5) / 1e3,
                        picks.between().count(),
                        picks.between().quantile(0.5) / 1e3,
                        byHand.slowdown()),
                picks.slowdown(),
                MOST_SLOWDOWN);
        report.toRead(
                name + ", % of batches over twice the median",
                words(
                        "by hand %.2f; slowest %.1f ms, by hand %.1f ms",
                        byHand.slowPercent(), picks.slowest() / 1e6, byHand.slowest() / 1e6),
                picks.slowPercent());
    }

    private static String words(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
