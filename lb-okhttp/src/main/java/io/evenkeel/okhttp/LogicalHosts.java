package io.evenkeel.okhttp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The origins that one interceptor serves. On the way to a backend of one, the hosts of the others have addresses that are
 * good for nothing but to be known again: so a redirect to another route is noticed before it is connected anywhere.
 */
final class LogicalHosts {
    /**
     * Reserved for documentation by RFC 5737: nobody is there. Not the address that a {@link Detour} may have for its own
     * host: where addresses are equal, OkHttp may take a connection of HTTP/2 to one host for another.
     */
    private static final byte[] ELSEWHERE = {(byte) 192, 0, 2, 1};

    private final Set<Origin> origins;
    private final Map<String, InetAddress> markers;

    LogicalHosts(Set<Origin> origins) {
        this.origins = Set.copyOf(origins);
        this.markers = this.origins.stream()
                .map(Origin::host)
                .distinct()
                .collect(Collectors.toUnmodifiableMap(host -> host, LogicalHosts::marker));
    }

    private static InetAddress marker(String host) {
        try {
            return InetAddress.getByAddress(host, ELSEWHERE);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // thrown for other lengths than 4 and 16 only
        }
    }

    /** The address that stands for this host; null for a host that none of the origins has. */
    @Nullable
    InetAddress markerOf(String host) {
        return markers.get(host);
    }

    /** Whether this very object is one of ours; others may use the same address. */
    @SuppressWarnings("ReferenceEquality")
    boolean isMarker(@Nullable InetAddress address) {
        return address != null && markers.get(address.getHostName()) == address;
    }

    /** Whether one of the origins is at that host and port, by whatever scheme: a socket knows none. */
    boolean serve(String host, int port) {
        return origins.stream()
                .anyMatch(origin -> origin.port() == port && origin.host().equals(host));
    }
}
