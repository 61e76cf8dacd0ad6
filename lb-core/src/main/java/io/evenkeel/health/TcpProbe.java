package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Connects and closes, and in between says and hears a few bytes if told to. One connection for each probe. Start from
 * {@link HealthProbe#tcp()}. Immutable.
 */
public final class TcpProbe implements HealthProbe {
    private final ProbeRoute route;
    private final byte[] send;
    private final byte[] expect;

    private TcpProbe(ProbeRoute route, byte[] send, byte[] expect) {
        this.route = route;
        this.send = send;
        this.expect = expect;
    }

    static TcpProbe to(int port) {
        return new TcpProbe(ProbeRoute.to(port), new byte[0], new byte[0]);
    }

    /**
     * The same, but good only when the backend answers, too: its first bytes must be these.
     *
     * @param send what to say; nothing where the backend speaks first
     * @param expect how the answer must begin, 1 to 8,192 bytes
     */
    public TcpProbe withExchange(byte[] send, byte[] expect) {
        checkArgument(
                expect.length > 0 && expect.length <= ProbeExchange.MAX_READ,
                "expect: %s bytes (expected: 1 to 8192)",
                expect.length);
        return new TcpProbe(route, send.clone(), expect.clone());
    }

    /** The same from an address of this machine, such as the only one that a firewall lets in. */
    public TcpProbe withSource(InetAddress source) {
        return new TcpProbe(new ProbeRoute(route.port(), Optional.of(source), route.proxyHeader()), send, expect);
    }

    /** The same with a header of the PROXY protocol before it. */
    public TcpProbe withProxyHeader(ProxyHeader proxyHeader) {
        return new TcpProbe(new ProbeRoute(route.port(), route.source(), proxyHeader), send, expect);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        if (expect.length == 0) {
            return ProbeExchange.connect(target, route);
        }
        String expected = new String(expect, StandardCharsets.ISO_8859_1);
        return ProbeExchange.ask(target, route, send, (received, isEnd, isFull) -> {
            if (received.startsWith(expected)) {
                return ProbeResult.good("answered as expected");
            }
            if (!expected.startsWith(received)) {
                return ProbeResult.bad("answered something else");
            }
            return isEnd ? ProbeResult.bad("ended before its answer") : null;
        });
    }

    /** Protocol and port, for listings. */
    @Override
    public String toString() {
        return route.named("tcp");
    }
}
