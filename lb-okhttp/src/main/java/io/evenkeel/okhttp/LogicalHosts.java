package io.evenkeel.okhttp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The origins that one interceptor serves. On the way to a backend of one, the hosts of the others have addresses that are
 * good for nothing but to be known again: so a redirect to another route is noticed before it is connected anywhere.
 */
final class LogicalHosts {
    /**
     * Where addresses are equal, OkHttp may take a connection of HTTP/2 to one host for another. So each has one of its own,
     * of those that RFC 3849 reserves for documentation: nobody is there.
     */
    private static final int NETWORK = 0x2001_0db8;

    private final Set<Origin> origins;
    private final Map<String, InetAddress> markers;
    private final Set<InetAddress> objects = Collections.newSetFromMap(new IdentityHashMap<>());

    LogicalHosts(Set<Origin> origins) {
        this.origins = Set.copyOf(origins);
        List<String> hosts = this.origins.stream().map(Origin::host).distinct().toList();
        this.markers = IntStream.range(0, hosts.size())
                .boxed()
                .collect(Collectors.toUnmodifiableMap(hosts::get, i -> marker(hosts.get(i), i)));
        objects.addAll(markers.values());
    }

    private static InetAddress marker(String host, int index) {
        byte[] address =
                ByteBuffer.allocate(16).putInt(NETWORK).putInt(12, index).array();
        try {
            return InetAddress.getByAddress(host, address);
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
    boolean isMarker(@Nullable InetAddress address) {
        return objects.contains(address);
    }

    /** Whether one of the origins is at that host and port, by whatever scheme: a socket knows none. */
    boolean serve(String host, int port) {
        return origins.stream()
                .anyMatch(origin -> origin.port() == port && origin.host().equals(host));
    }
}
