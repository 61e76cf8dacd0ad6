package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/**
 * Asks by {@code GET} and takes status 200, and no other, for good: any other status keeps a member out.
 *
 * <p>The request carries no credentials and names {@code ip:port} as its host, so the page must answer anybody. Redirects
 * are not followed. At most 8 KiB of the answer are read; the body's content does not matter, only that a promised one
 * begins. One connection for each probe, closed after it. Immutable.
 *
 * @param path what to ask for; begins with {@code /}
 * @param port where to ask; 0, the default, is the backend's own port
 */
public record HttpProbe(String path, int port) implements HealthProbe {

    /** Checks path and port. */
    public HttpProbe {
        checkArgument(path.startsWith("/"), "path: \"%s\" (expected: to begin with /)", path);
        // A space or a line break would end the request line early and let the rest forge headers.
        checkArgument(
                path.chars().allMatch(c -> c > ' ' && c < 0x7F),
                "path: (expected: visible ASCII characters only, others percent-encoded)");
        checkArgument(port >= 0 && port <= 65_535, "port: %s (expected: 0 to 65535)", port);
    }

    /** The same on a port of its own. */
    public HttpProbe withPort(int port) {
        return new HttpProbe(path, port);
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        InetSocketAddress address = target.address(port);
        return ProbeExchange.ask(target, address, request(address), HttpAnswer::judge);
    }

    byte[] request(InetSocketAddress address) {
        String host = HostAndPort.fromParts(InetAddresses.toAddrString(address.getAddress()), address.getPort())
                .toString();
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host
                        + "\r\nUser-Agent: evenkeel-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Path and port, for listings. */
    @Override
    public String toString() {
        return "http" + (port == 0 ? "" : ":" + port) + " " + path;
    }
}
