package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One member of 10,000 is replaced every second: what that costs, and what it does to picks meanwhile. */
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

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Report report = new Report("One of 10,000 members replaced every second, while one thread picks");
    private final int changes;

    private MembershipMeasurement(int changes) {
        this.changes = changes;
    }

    static Report measure(boolean isQuick) throws InterruptedException {
        MembershipMeasurement measurement = new MembershipMeasurement(isQuick ? 3 : 7);
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
                    replaceOne(name, pool, backends, next++);
                    due += SECOND_NANOS;
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
                name + ", % of a core", words("%.2f ms a change", nanos / 1e6), 100 * nanos / SECOND_NANOS, limit);
    }

    private void picks(String name, PickWatch watch) {
        Nanos picks = watch.picks().all();
        Nanos control = watch.control().all();
        report.atMost(
                name + ", median pick of the worst ms / of all",
                words(
                        "median %d ns, p99 %d ns, p99.9 %d ns; by hand %.2f",
                        picks.quantile(0.5),
                        picks.quantile(0.99),
                        picks.quantile(0.999),
                        watch.control().worst()),
                watch.picks().worst(),
                2);
        report.toRead(
                name + ", over 20 µs, of a million picks",
                words("by hand %.1f", perMillion(control)),
                perMillion(picks));
        report.toRead(name + ", slowest, µs", words("by hand %.0f", control.slowest() / 1e3), picks.slowest() / 1e3);
    }

    private static double perMillion(Nanos times) {
        return 1e6 * times.above(20_000) / times.count();
    }

    private static String words(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
