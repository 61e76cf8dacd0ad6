package io.evenkeel.netty;

import io.evenkeel.testing.Descriptors;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What this process holds: bytes of heap that survive a collection, threads, and descriptors. */
record Footprint(long heap, long threads, long descriptors) {
    private static final double TOLERANCE = 0.05;

    /** The least of some readings: a probe may have a socket, and what has a cleaner goes with the next collection. */
    static Footprint now() {
        Footprint least = reading();
        for (int i = 0; i < 4; i++) {
            Footprint other = reading();
            least = new Footprint(
                    Math.min(least.heap, other.heap),
                    Math.min(least.threads, other.threads),
                    Math.min(least.descriptors, other.descriptors));
        }
        return least;
    }

    private static Footprint reading() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Footprint(heap, threadsOfOurs(), Descriptors.open());
    }

    /** Without those in which the JDK waits for the end of processes: they linger for a minute. */
    private static long threadsOfOurs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("process reaper"))
                .count();
    }

    /** In which way this is more than 5 % larger than what was there before. */
    List<String> growthSince(Footprint before) {
        List<String> grown = new ArrayList<>();
        compare("heap", before.heap, heap, grown);
        compare("threads", before.threads, threads, grown);
        compare("descriptors", before.descriptors, descriptors, grown);
        return grown;
    }

    private static void compare(String what, long before, long now, List<String> grown) {
        if (now > before * (1 + TOLERANCE)) {
            grown.add(what + ": " + now + " (expected: <= " + before + " and 5 %)");
        }
    }
}
