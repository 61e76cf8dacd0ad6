package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.Protocol;
import java.time.Duration;

/**
 * How a rule treats the flows it carries, whoever they go to. Immutable. Rules have withers of their own for each of these.
 *
 * @param idleTimeout how long a flow may be silent in both directions before it is ended, at most 365 days; 4 minutes for TCP
 *     and 60 s for UDP by default
 * @param limits how many flows there may be at the same time; {@link FlowLimits#defaults()}, that is no limit, by default
 * @param tcp how connections are ended, and kept alive; for UDP always {@link TcpOptions#defaults()}
 * @param udp how many UDP flows a rule holds, and when they are done; for TCP always {@link UdpOptions#defaults()}
 * @param proxyProtocol how the backend is told who the client is; {@link ProxyProtocol#OFF} by default
 */
public record FlowOptions(
        Duration idleTimeout, FlowLimits limits, TcpOptions tcp, UdpOptions udp, ProxyProtocol proxyProtocol) {
    private static final Duration MAX_IDLE = Duration.ofDays(365);

    /** Checks the time. */
    public FlowOptions {
        checkArgument(
                idleTimeout.compareTo(Duration.ZERO) > 0 && idleTimeout.compareTo(MAX_IDLE) <= 0,
                "idleTimeout: %s (expected: > 0 and <= 365 days)",
                idleTimeout);
    }

    /** What Azure gives TCP, and most give UDP: a lost connection costs more than a lost port. */
    public static FlowOptions defaults(Protocol protocol) {
        return new FlowOptions(
                protocol == Protocol.TCP ? Duration.ofMinutes(4) : Duration.ofSeconds(60),
                FlowLimits.defaults(),
                TcpOptions.defaults(),
                UdpOptions.defaults(),
                ProxyProtocol.OFF);
    }

    /** The same with another idle timeout. */
    public FlowOptions withIdleTimeout(Duration idleTimeout) {
        return new FlowOptions(idleTimeout, limits, tcp, udp, proxyProtocol);
    }

    /** The same with other limits. */
    public FlowOptions withLimits(FlowLimits limits) {
        return new FlowOptions(idleTimeout, limits, tcp, udp, proxyProtocol);
    }

    /** The same with other options of TCP connections. */
    public FlowOptions withTcp(TcpOptions tcp) {
        return new FlowOptions(idleTimeout, limits, tcp, udp, proxyProtocol);
    }

    /** The same with other options of UDP flows. */
    public FlowOptions withUdp(UdpOptions udp) {
        return new FlowOptions(idleTimeout, limits, tcp, udp, proxyProtocol);
    }

    /** The same with another way to name the client to the backend. */
    public FlowOptions withProxyProtocol(ProxyProtocol proxyProtocol) {
        return new FlowOptions(idleTimeout, limits, tcp, udp, proxyProtocol);
    }
}
