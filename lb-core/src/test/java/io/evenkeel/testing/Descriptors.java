package io.evenkeel.testing;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process has open: sockets, files, pipes. */
public final class Descriptors {
    private Descriptors() {}

    /** How many there are now; always 0 where the system does not tell. */
    public static long open() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
