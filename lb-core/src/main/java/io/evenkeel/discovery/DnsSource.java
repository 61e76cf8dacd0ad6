package io.evenkeel.discovery;

import com.google.common.net.InetAddresses;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.SRVRecord;

/** Asks DNS, and makes backends of what it says. */
record DnsSource(DnsQuery query) implements BackendSource {
    private static final int WEIGHT = 100;

    /** A list, and for how long it holds. */
    private record Found(List<Backend> backends, long ttlSeconds) {}

    @Override
    public void ask(SourceObserver observer) {
        try {
            Found found = search(DnsClient.of(query));
            observer.deliver(found.backends(), query.holds(found.ttlSeconds()));
        } catch (DnsFailure e) {
            observer.failed(e.reason());
        }
    }

    /** Only a name that has no records leads to the next one: a server that fails might know better a moment later. */
    private Found search(DnsClient client) throws DnsFailure {
        List<String> names = new ArrayList<>();
        query.search().forEach(domain -> names.add(query.name() + "." + domain));
        names.add(query.name());
        DnsFailure failure = null;
        for (String name : names) {
            try {
                return query.kind() == DnsQuery.Kind.SRV ? services(client, name) : addresses(client, name);
            } catch (DnsFailure e) {
                if (!e.isNoSuchName()) {
                    throw e;
                }
                failure = failure == null ? e : failure;
            }
        }
        throw failure == null ? DnsFailure.noSuchName(query.name(), "no name") : failure;
    }

    private Found addresses(DnsClient client, String name) throws DnsFailure {
        DnsClient.Addresses found = client.addresses(DnsClient.name(name), query.kind());
        List<Backend> backends = found.addresses().stream()
                .map(ip -> backend(ip, query.port(), WEIGHT, 0, name))
                .sorted(Comparator.comparing(Backend::id))
                .toList();
        return new Found(backends, found.ttlSeconds());
    }

    private Found services(DnsClient client, String name) throws DnsFailure {
        DnsClient.Services found = client.services(DnsClient.name(name));
        List<Backend> backends = new ArrayList<>();
        long ttlSeconds = found.ttlSeconds();
        for (SRVRecord service : found.services()) {
            int port = query.port() > 0 ? query.port() : service.getPort();
            DnsClient.Addresses target = found.of(service, client);
            ttlSeconds = Math.min(ttlSeconds, target.ttlSeconds());
            String host = service.getTarget().toString(true);
            if (port > 0) {
                target.addresses()
                        .forEach(ip -> backends.add(
                                backend(ip, port, Math.max(1, service.getWeight()), service.getPriority(), host)));
            }
        }
        if (backends.isEmpty()) {
            throw DnsFailure.noSuchName(name, "no service has an address");
        }
        // Servers turn the order of their answers around; of an address that is there twice the better place counts.
        backends.sort(Comparator.comparing(Backend::priority).thenComparing(Backend::id));
        return new Found(backends, ttlSeconds);
    }

    private static Backend backend(InetAddress ip, int port, int weight, int priority, String host) {
        String id = Backend.of(InetAddresses.toAddrString(ip), port).id();
        return new Backend(id, new InetSocketAddress(ip, port), weight, priority, Placement.NONE, Map.of("host", host));
    }

    @Override
    public Duration leastPause() {
        return query.minTtl();
    }

    @Override
    public String name() {
        return "dns:" + query.name();
    }
}
