package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sends one datagram and expects one. Start from {@link HealthProbe#udp(byte[], byte[])}. Immutable.
 */
public final class UdpProbe implements HealthProbe {
    private final ProbeRoute route;
    private final byte[] send;
    private final byte[] expect;

    private UdpProbe(ProbeRoute route, byte[] send, byte[] expect) {
        this.route = route;
        this.send = send;
        this.expect = expect;
    }

    static UdpProbe to(int port, byte[] send, byte[] expect) {
        checkArgument(expect.length <= ProbeExchange.MAX_READ, "expect: %s bytes (expected: 0 to 8192)", expect.length);
        return new UdpProbe(ProbeRoute.to(port), send.clone(), expect.clone());
    }

    /** The same from an address of this machine, such as the only one that a firewall lets in. */
    public UdpProbe withSource(InetAddress source) {
        return new UdpProbe(new ProbeRoute(route.port(), Optional.of(source), route.proxyHeader()), send, expect);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        return target.askByDatagram(route, send, this::judge);
    }

    private ProbeResult judge(byte[] received) {
        int compared = Math.min(received.length, expect.length);
        return Arrays.equals(received, 0, compared, expect, 0, expect.length)
                ? ProbeResult.good("answered as expected")
                : ProbeResult.bad("answered something else");
    }

    /** Protocol and port, for listings. */
    @Override
    public String toString() {
        return route.named("udp");
    }
}
