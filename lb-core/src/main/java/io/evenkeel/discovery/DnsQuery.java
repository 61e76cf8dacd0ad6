package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of DNS. Immutable; start from one of the factories.
 *
 * <p>A backend's id is its address and port, and its label {@code host} the name that has the address. Of names that are
 * aliases the end of the chain is used; an answer that does not fit into a datagram is fetched by TCP. NXDOMAIN, SERVFAIL,
 * REFUSED, an answer without records, a loop of aliases and silence are failures, which leave the pool as it is.
 *
 * @param kind which records
 * @param name a full name, or one to be completed by {@code search}
 * @param port the port of the backends; 0 takes that of each SRV record
 * @param search domains that complete the name, tried one after the other until one has records, and last of all the name
 *     as it is; none by default
 * @param servers who is asked, one after the other until one answers; the system's resolvers by default
 * @param minTtl the name is not asked for more often than that, whatever its time to live; 5 s by default
 * @param maxTtl it is asked for at least so often; 5 min by default
 * @param timeout how long one server may take, of which each is asked twice; 2 s by default
 */
public record DnsQuery(
        Kind kind,
        String name,
        int port,
        List<String> search,
        List<InetSocketAddress> servers,
        Duration minTtl,
        Duration maxTtl,
        Duration timeout) {

    /** Which records are asked for. */
    public enum Kind {
        /** A and AAAA; both must be answered, though one may be without records. */
        ADDRESSES,
        /** A only. */
        IPV4,
        /** AAAA only. */
        IPV6,
        /** SRV, and A and AAAA of what they point to, unless the same answer brings those. */
        SRV
    }

    /** Checks each component on its own. */
    public DnsQuery {
        checkArgument(
                port >= (kind == Kind.SRV ? 0 : 1) && port <= 65_535,
                "port: %s (expected: 1 to 65535, or 0 for SRV)",
                port);
        DnsClient.checkName(name);
        search.forEach(DnsClient::checkName);
        servers.forEach(server ->
                checkArgument(!server.isUnresolved(), "server: %s (expected: an address that needs no DNS)", server));
        checkArgument(NANOSECONDS.convert(minTtl) > 0, "minTtl: %s (expected: > 0)", minTtl);
        checkArgument(NANOSECONDS.convert(maxTtl) > 0, "maxTtl: %s (expected: > 0)", maxTtl);
        checkArgument(MILLISECONDS.convert(timeout) > 0, "timeout: %s (expected: >= 1 ms)", timeout);
        search = List.copyOf(search);
        servers = List.copyOf(servers);
    }

    /** The addresses of a name, of both families: such as those of a headless service of Kubernetes. */
    public static DnsQuery addresses(String name, int port) {
        return new DnsQuery(
                Kind.ADDRESSES,
                name,
                port,
                List.of(),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(2));
    }

    /**
     * The services of a name, such as {@code _http._tcp.web.example} or {@code web.service.consul}. The priority of a
     * record is that of the backend, and so is its weight, but that 0 becomes 1: a backend of weight 0 would get no picks.
     *
     * @see "RFC 2782, A DNS RR for specifying the location of services"
     */
    public static DnsQuery srv(String name) {
        return addresses(name, 1).withKind(Kind.SRV).withPort(0);
    }

    /** The same with other records. */
    public DnsQuery withKind(Kind kind) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with another port. */
    public DnsQuery withPort(int port) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with other domains that complete the name. */
    public DnsQuery withSearch(List<String> search) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with other servers. */
    public DnsQuery withServers(List<InetSocketAddress> servers) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with another least time to live. */
    public DnsQuery withMinTtl(Duration minTtl) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with another longest time to live. */
    public DnsQuery withMaxTtl(Duration maxTtl) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** The same with another timeout. */
    public DnsQuery withTimeout(Duration timeout) {
        return new DnsQuery(kind, name, port, search, servers, minTtl, maxTtl, timeout);
    }

    /** How long an answer of that time to live holds. */
    Duration holds(long ttlSeconds) {
        Duration ttl = Duration.ofSeconds(ttlSeconds);
        Duration atMost = ttl.compareTo(maxTtl) > 0 ? maxTtl : ttl;
        return atMost.compareTo(minTtl) < 0 ? minTtl : atMost;
    }
}
