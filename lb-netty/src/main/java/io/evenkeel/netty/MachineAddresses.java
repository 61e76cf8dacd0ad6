package io.evenkeel.netty;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this machine, which come and go with its interfaces. Read anew every 10 s at the most, when somebody asks:
 * that takes some 100 µs. Safe for use by many threads.
 */
final class MachineAddresses {
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Reading reading;
    private final LongSupplier nanoClock;
    private volatile @Nullable Known known;

    /** The system, but for tests. */
    interface Reading {
        Set<InetAddress> read() throws SocketException;
    }

    private record Known(Set<InetAddress> addresses, long readNanos) {}

    MachineAddresses(Reading reading, LongSupplier nanoClock) {
        this.reading = reading;
        this.nanoClock = nanoClock;
    }

    /** What the system says. */
    static MachineAddresses ofSystem() {
        return new MachineAddresses(
                () -> NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .collect(Collectors.toUnmodifiableSet()),
                System::nanoTime);
    }

    boolean has(InetAddress ip) {
        return ip.isLoopbackAddress() || known().contains(ip);
    }

    private Set<InetAddress> known() {
        Known last = known;
        long now = nanoClock.getAsLong();
        if (last != null && now - last.readNanos() < KNOWN_NANOS) {
            return last.addresses();
        }
        Set<InetAddress> addresses = last == null ? Set.of() : last.addresses();
        try {
            addresses = reading.read();
        } catch (SocketException e) {
            // No descriptor is left: what was known is better than nothing, and than to ask at each flow.
        }
        known = new Known(addresses, now);
        return addresses;
    }
}
