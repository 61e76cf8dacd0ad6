package io.evenkeel.benchmarks.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What became of the requests, by the second in which they began. */
final class Recording {
    private final long limitNanos;
    private final int firstCounted;
    private final long[] sent;
    private final long[] good;
    private final long[] failed;
    private final long[] hedged;
    private final long[] byServer;
    private final List<Latencies> latencies = new ArrayList<>();

    Recording(Scenario scenario) {
        int seconds = (int) Math.ceil(scenario.seconds());
        this.limitNanos = scenario.limitNanos();
        this.firstCounted = scenario.warmUpSeconds();
        this.sent = new long[seconds];
        this.good = new long[seconds];
        this.failed = new long[seconds];
        this.hedged = new long[seconds];
        this.byServer = new long[scenario.servers()];
        IntStream.range(0, seconds).forEach(i -> latencies.add(new Latencies()));
    }

    void sent(long atNanos) {
        sent[second(atNanos)]++;
    }

    /** Somebody sends a request to that server, for the first time or again. */
    void sentTo(int server, long atNanos) {
        int second = second(atNanos);
        if (second >= firstCounted && second < sent.length) {
            byServer[server]++;
        }
    }

    /** A request was sent a second time. */
    void hedged(long atNanos) {
        hedged[Math.min(second(atNanos), hedged.length - 1)]++;
    }

    void settled(long beganNanos, long tookNanos, boolean isGood) {
        int second = second(beganNanos);
        latencies.get(second).add(tookNanos);
        if (!isGood) {
            failed[second]++;
        } else if (tookNanos <= limitNanos) {
            good[second]++;
        }
    }

    private static int second(long nanos) {
        return (int) ((nanos - Timeline.START) / 1_000_000_000L);
    }

    /** Adds another run of the same scenario. */
    void add(Recording more) {
        for (int i = 0; i < sent.length; i++) {
            sent[i] += more.sent[i];
            good[i] += more.good[i];
            failed[i] += more.failed[i];
            hedged[i] += more.hedged[i];
            latencies.get(i).add(more.latencies.get(i));
        }
        for (int i = 0; i < byServer.length; i++) {
            byServer[i] += more.byServer[i];
        }
    }

    int seconds() {
        return sent.length;
    }

    /** Share of requests of a second that were answered within the limit, in percent. */
    double successPercent(int second) {
        return 100.0 * good[second] / sent[second];
    }

    Latencies latencies(int second) {
        return latencies.get(second);
    }

    /** The same over all that counts; who was never answered was not answered in time. */
    double successPercent() {
        return 100.0 * counted(good) / counted(sent);
    }

    /** Share of requests that ended in an error or a timeout, in percent. */
    double failedPercent() {
        return 100.0 * counted(failed) / counted(sent);
    }

    /** How many requests were sent a second time, in percent of all. */
    double hedgedPercent() {
        return 100.0 * counted(hedged) / counted(sent);
    }

    /** What the server that was sent most was sent, as a multiple of the mean. */
    double busiest() {
        LongSummaryStatistics all = LongStream.of(byServer).summaryStatistics();
        return all.getMax() / all.getAverage();
    }

    long requests() {
        return counted(sent);
    }

    Latencies latencies() {
        Latencies all = new Latencies();
        latencies.stream().skip(firstCounted).forEach(all::add);
        return all;
    }

    private long counted(long[] bySecond) {
        return IntStream.range(firstCounted, bySecond.length)
                .mapToLong(i -> bySecond[i])
                .sum();
    }
}
