package io.evenkeel.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many sockets the UDP flows of this process may have: half of the file descriptors that it may have. The rest is for
 * what nobody can forge: connections, files, probes.
 */
final class SocketBudget {
    private final long max;
    private final AtomicLong taken = new AtomicLong();

    SocketBudget(long max) {
        this.max = max;
    }

    /** The one that all rules share, since they share the descriptors. */
    static SocketBudget ofProcess() {
        return OfProcess.BUDGET;
    }

    /** False if there is none left. */
    boolean take() {
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    /** Asks the system only when the first rule needs it. */
    private static final class OfProcess {
        static final SocketBudget BUDGET = new SocketBudget(half());

        private static long half() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                            && system.getMaxFileDescriptorCount() > 0
                    ? system.getMaxFileDescriptorCount() / 2
                    : Long.MAX_VALUE;
        }
    }
}
