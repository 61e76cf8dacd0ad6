package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Asks by {@code GET} and takes status 200, and no other, for good: any other status keeps a member out.
 *
 * <p>The request carries no credentials and names {@code ip:port} as its host, so the page must answer anybody. Redirects
 * are not followed. At most 8 KiB of the answer are read; the body's content does not matter, only that a promised one
 * begins. One connection for each probe, closed after it. HTTP/1.1 only. Start from {@link HealthProbe#http} or
 * {@link HealthProbe#https}. Immutable.
 *
 * @param path what to ask for; begins with {@code /}
 * @param port where to ask; 0, the default, is the backend's own port
 * @param expectedStatuses statuses that are good, 200 to 599; only 200 by default
 * @param host the {@code Host} header; empty, the default, stands for {@code ip:port}
 * @param source address of this machine to ask from, such as the only one that a firewall lets in; empty, the default,
 *     leaves the choice to the system
 * @param proxyHeader sent before anything else; {@link ProxyHeader#OFF} by default
 * @param tls how to ask by HTTPS; empty asks by HTTP
 */
public record HttpProbe(
        String path,
        int port,
        Set<Integer> expectedStatuses,
        Optional<String> host,
        Optional<InetAddress> source,
        ProxyHeader proxyHeader,
        Optional<ProbeTls> tls)
        implements HealthProbe {

    /** Checks every component; see the record's parameters for the ranges. */
    public HttpProbe {
        checkArgument(path.startsWith("/"), "path: \"%s\" (expected: to begin with /)", path);
        // A space or a line break would end the request line early and let the rest forge headers.
        checkArgument(isVisibleAscii(path), "path: (expected: visible ASCII characters only, others percent-encoded)");
        ProbeRoute.checkPort(port);
        checkArgument(!expectedStatuses.isEmpty(), "expectedStatuses: [] (expected: one at least)");
        for (int status : expectedStatuses) {
            checkArgument(status >= 200 && status <= 599, "expectedStatuses: %s (expected: 200 to 599)", status);
        }
        expectedStatuses = Set.copyOf(expectedStatuses);
        checkArgument(
                host.isEmpty() || (!host.get().isEmpty() && isVisibleAscii(host.get())),
                "host: (expected: visible ASCII characters only)");
        requireNonNull(source, "source");
        requireNonNull(proxyHeader, "proxyHeader");
        requireNonNull(tls, "tls");
    }

    static HttpProbe of(String path) {
        return new HttpProbe(
                path, 0, Set.of(200), Optional.empty(), Optional.empty(), ProxyHeader.OFF, Optional.empty());
    }

    private static boolean isVisibleAscii(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** The same on a port of its own. */
    public HttpProbe withPort(int port) {
        return new HttpProbe(path, port, expectedStatuses, host, source, proxyHeader, tls);
    }

    /** The same with these statuses, and no others, as good ones. */
    public HttpProbe withExpectedStatuses(Integer... expectedStatuses) {
        return new HttpProbe(path, port, Set.copyOf(List.of(expectedStatuses)), host, source, proxyHeader, tls);
    }

    /** The same with a {@code Host} header of its own. */
    public HttpProbe withHost(String host) {
        return new HttpProbe(path, port, expectedStatuses, Optional.of(host), source, proxyHeader, tls);
    }

    /** The same from an address of this machine. */
    public HttpProbe withSource(InetAddress source) {
        return new HttpProbe(path, port, expectedStatuses, host, Optional.of(source), proxyHeader, tls);
    }

    /** The same with a header of the PROXY protocol before it. */
    public HttpProbe withProxyHeader(ProxyHeader proxyHeader) {
        return new HttpProbe(path, port, expectedStatuses, host, source, proxyHeader, tls);
    }

    /** The same by HTTPS. */
    public HttpProbe withTls(ProbeTls tls) {
        return new HttpProbe(path, port, expectedStatuses, host, source, proxyHeader, Optional.of(tls));
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        ProbeRoute route = new ProbeRoute(port, source, proxyHeader);
        byte[] request = request(target.address(port));
        HttpAnswer judge = new HttpAnswer(expectedStatuses);
        return tls.isPresent()
                ? ProbeExchange.ask(target, route, tls.get(), request, judge)
                : ProbeExchange.ask(target, route, request, judge);
    }

    byte[] request(InetSocketAddress address) {
        String name = host.orElseGet(() -> {
            String ip = InetAddresses.toAddrString(address.getAddress());
            // A zone, as in fe80::1%eth0, means nothing to anybody else, and makes an invalid header.
            int zone = ip.indexOf('%');
            return HostAndPort.fromParts(zone < 0 ? ip : ip.substring(0, zone), address.getPort())
                    .toString();
        });
        return ("GET " + path + " HTTP/1.1\r\nHost: " + name
                        + "\r\nUser-Agent: evenkeel-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Protocol, port and path, for listings; without the query, which may hold a secret. */
    @Override
    public String toString() {
        int query = path.indexOf('?');
        return (tls.isPresent() ? "https" : "http") + (port == 0 ? "" : ":" + port) + " "
                + (query < 0 ? path : path.substring(0, query));
    }
}
