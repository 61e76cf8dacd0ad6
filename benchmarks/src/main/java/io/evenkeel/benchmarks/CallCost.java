package io.evenkeel.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What one call takes. Processor time and bytes are those of all threads of Java, so nothing is done for free elsewhere. */
record CallCost(double nanos, double cpuNanos, double bytes) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Calls one after the other. */
    static CallCost of(Caller caller, int calls) throws IOException {
        Map<Long, long[]> before = spent();
        long begun = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            check(caller);
        }
        double nanos = System.nanoTime() - begun;
        long cpu = 0;
        long bytes = 0;
        for (Map.Entry<Long, long[]> thread : spent().entrySet()) {
            long[] had = before.getOrDefault(thread.getKey(), new long[2]);
            cpu += thread.getValue()[0] - had[0];
            bytes += thread.getValue()[1] - had[1];
        }
        return new CallCost(nanos / calls, (double) cpu / calls, (double) bytes / calls);
    }

    /** Calls a second by as many threads as {@code workers} has. */
    static double throughput(Caller caller, ExecutorService workers, int threads, long millis)
            throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        long end = begun + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            counts.add(workers.submit(() -> {
                long calls = 0;
                for (; System.nanoTime() - end < 0; calls++) {
                    check(caller);
                }
                return calls;
            }));
        }
        long calls = 0;
        for (Future<Long> count : counts) {
            calls += count.get();
        }
        return 1e9 * calls / (System.nanoTime() - begun);
    }

    private static void check(Caller caller) throws IOException {
        long length = caller.call();
        if (length != 6) {
            throw new IOException(
                    caller.name() + " got " + length + " bytes (expected: the 6 of hello and a line feed)");
        }
    }

    /** Processor time and bytes of each thread. */
    private static Map<Long, long[]> spent() {
        long[] ids = THREADS.getAllThreadIds();
        long[] cpu = THREADS.getThreadCpuTime(ids);
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, long[]> spent = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (cpu[i] >= 0 && bytes[i] >= 0) { // else it has just ended
                spent.put(ids[i], new long[] {cpu[i], bytes[i]});
            }
        }
        return spent;
    }

    static double median(List<CallCost> costs, ToDoubleFunction<CallCost> what) {
        return median(costs.stream().map(what::applyAsDouble).toList());
    }

    static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
