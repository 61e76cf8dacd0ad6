package io.evenkeel.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many file descriptors this process may have open, and how many of them flows may use. */
final class Descriptors {
    /** For front ends, probes, look-ups, jars and logs. */
    private static final int RESERVE = 64;

    /** More streams at full speed than a machine carries. */
    private static final int MAX_PIPES = 1024;

    /** Where the system has no limit or does not tell. */
    private static final long UNKNOWN = 20_000;

    private Descriptors() {}

    /** What the system allows now. */
    static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : UNKNOWN;
    }

    /** A TCP flow has two; an eighth is left to the rest of the application, at least the reserve. */
    static int flowsWithin(long limit) {
        long spare = limit - limit / 8 - RESERVE;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, spare / 2));
    }

    /** A pipe has two as well: so they take a quarter of what is left to the rest at the most. */
    static int pipesWithin(long limit) {
        return (int) Math.min(MAX_PIPES, limit / 64);
    }
}
