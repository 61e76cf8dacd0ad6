package io.evenkeel.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import io.evenkeel.backend.Backend;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeLog;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.pool.BackendPool;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs to probe 10,000 backends by HTTP every 15 s: all processor time of this process, garbage collection and
 * compiler included, while another one plays the backends. Windows of ours and of the floor take turns, so that a slow
 * minute of the machine falls on both; a figure is the median of the windows.
 */
final class ProbesMeasurement {
    private static final int BACKENDS = 10_000;
    private static final int PORTS = 100; // each stands for 100 backends: fewer would run out of ports of ours
    private static final ProbeSchedule SCHEDULE = ProbeSchedule.defaults();
    private static final double PER_SECOND =
            BACKENDS / (double) SCHEDULE.interval().toSeconds();
    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

    private final UnixOperatingSystemMXBean system =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> floor = new ArrayList<>();
    private final List<Double> rates = new ArrayList<>();
    private final List<InetSocketAddress> addresses;
    private final Duration window;
    private double secondsUntilUp;
    private long threads;
    private long descriptors;
    private long failures;

    private ProbesMeasurement(List<InetSocketAddress> addresses, Duration window) {
        this.addresses = addresses;
        this.window = window;
    }

    static Report measure(boolean isQuick) throws Exception {
        // 10,000 lines at each start would be measured, too.
        System.setProperty("org.slf4j.simpleLogger.log.io.evenkeel.health", "warn");
        Process server = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProbeServer.class.getName(),
                        String.valueOf(PORTS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII))) {
            List<InetSocketAddress> addresses = Arrays.stream(output.readLine().split(" "))
                    .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)))
                    .toList();
            ProbesMeasurement figures =
                    new ProbesMeasurement(addresses, isQuick ? Duration.ofSeconds(4) : SCHEDULE.interval());
            figures.run(isQuick ? 2 : 5);
            return figures.report();
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private void run(int rounds) throws IOException {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < BACKENDS; i++) {
            int port = addresses.get(i % PORTS).getPort();
            backends.add(Backend.of("b" + i, "127.0.0.1", port));
        }
        warmUp(backends);
        for (int round = 0; round < rounds; round++) {
            measureOurs(backends);
            floor.add(percentOfACore(() -> ProbeFloor.ask(addresses, PER_SECOND, window.toNanos())));
        }
    }

    /** As many probes as a minute brings, so that the compiler has done most of its work. */
    private void warmUp(List<Backend> backends) throws IOException {
        long begun = System.nanoTime();
        try (Probed probed = new Probed(backends, SCHEDULE.withInterval(Duration.ofSeconds(2)))) {
            probed.awaitAllUp();
            secondsUntilUp = (System.nanoTime() - begun) / 1e9;
            LockSupport.parkNanos(Duration.ofSeconds(10).toNanos());
        }
        ProbeFloor.ask(addresses, 5 * PER_SECOND, Duration.ofSeconds(3).toNanos());
    }

    private void measureOurs(List<Backend> backends) throws IOException {
        try (Probed probed = new Probed(backends, SCHEDULE)) {
            probed.awaitAllUp();
            // The first probes come in one second; what they leave behind is no part of what goes on.
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            long begun = System.nanoTime();
            long before = probed.probes();
            ours.add(percentOfACore(() -> {
                LockSupport.parkNanos(window.toNanos());
                return probed.probes() - before;
            }));
            rates.add(1e9 * (probed.probes() - before) / (System.nanoTime() - begun));
            threads = Math.max(threads, probed.threads());
            descriptors = Math.max(descriptors, system.getOpenFileDescriptorCount());
            failures += probed.failures();
        }
    }

    /** Tells how many probes it made. */
    private interface Work {
        long run() throws IOException;
    }

    /** What a probe takes, at the rate that 10,000 backends need: chance makes it a little more or less in a window. */
    private double percentOfACore(Work work) throws IOException {
        long cpu = system.getProcessCpuTime();
        long probes = work.run();
        return 100 * PER_SECOND * (system.getProcessCpuTime() - cpu) / 1e9 / probes;
    }

    private Report report() {
        double our = median(ours);
        double low = median(floor);
        double rate = median(rates);
        Report report =
                new Report("Probes of 10,000 backends by HTTP every 15 s, on loopback; the backends not counted");
        report.atMost("processor", "% of one core, windows: " + listed(ours), our, 10);
        report.atMost("floor by hand", "% of one core, windows: " + listed(floor), low, NO_LIMIT);
        report.atMost("ratio to the floor", String.format("%.1f %% and %.1f %%", our, low), our / low, 1.3);
        report.atMost("rate held", String.format("%.0f probes a second", rate), PER_SECOND / rate, 1.2);
        report.atMost("threads", "of evenkeel", threads, 3);
        report.atMost("descriptors", "open in this process", descriptors, 114);
        report.atMost("until all are UP", "s from a cold start", secondsUntilUp, 10);
        report.atMost("failed probes", "in all windows", failures, 0);
        return report;
    }

    private static String listed(List<Double> figures) {
        return figures.stream()
                .map(f -> String.format("%.1f", f))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** A pool and its monitor. */
    private static final class Probed implements AutoCloseable {
        private final ScheduledThreadPoolExecutor scheduler =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "evenkeel-probes"));
        private final BackendPool pool;
        private final HealthMonitor monitor;

        Probed(List<Backend> backends, ProbeSchedule schedule) {
            scheduler.setRemoveOnCancelPolicy(true);
            pool = BackendPool.builder("probes")
                    .backends(backends)
                    .scheduler(scheduler)
                    .build();
            monitor = HealthMonitor.start(
                    pool, HealthProbe.http("/health"), schedule, scheduler, new Random(1), System::nanoTime);
        }

        void awaitAllUp() {
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (pool.snapshot().selectable().size() < BACKENDS && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }

        /** So far, and changes of verdicts, of which there are none after the start. */
        long probes() {
            List<ProbeLog.Entry> entries = monitor.log();
            return entries.get(entries.size() - 1).number();
        }

        long failures() {
            return monitor.log().stream()
                            .filter(e -> e.event() == ProbeLog.Event.BAD)
                            .count()
                    + BACKENDS
                    - pool.snapshot().selectable().size();
        }

        long threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("evenkeel-"))
                    .count();
        }

        @Override
        public void close() {
            monitor.close();
            pool.close();
            scheduler.shutdownNow();
        }
    }
}
