package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.concurrent.CompletionStage;

/** Sends one datagram and expects one. Immutable. */
final class UdpProbe implements HealthProbe {
    private final ProbeRoute route;
    private final byte[] send;
    private final byte[] expect;

    UdpProbe(int port, byte[] send, byte[] expect) {
        checkArgument(expect.length <= ProbeExchange.MAX_READ, "expect: %s bytes (expected: 0 to 8192)", expect.length);
        this.route = ProbeRoute.to(port);
        this.send = send.clone();
        this.expect = expect.clone();
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public CompletionStage<ProbeResult> check(ProbeTarget target) {
        return target.askByDatagram(target.address(route.port()), send, this::judge);
    }

    private ProbeResult judge(byte[] received) {
        int compared = Math.min(received.length, expect.length);
        return Arrays.equals(received, 0, compared, expect, 0, expect.length)
                ? ProbeResult.good("answered as expected")
                : ProbeResult.bad("answered something else");
    }

    @Override
    public String toString() {
        return route.named("udp");
    }
}
