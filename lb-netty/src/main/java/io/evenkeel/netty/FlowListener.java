package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Rule;
import java.net.InetSocketAddress;

/**
 * Hears of each flow of a forwarder, for metrics and logs. Every method does nothing by default.
 *
 * <pre>
 * for one flow:  flowOpened  flowClosed      or:  flowRefused
 * </pre>
 *
 * <p>The client is the one that connected, or the one that a trusted proxy names. Where a rule has pools by server name,
 * what is told of a flow to one of them is the rule as if it had that pool alone: its name is the same, and {@link
 * Rule#pool()} says which.
 *
 * <p>Called on the event loop of the flow, so it must be quick and must not block; by several event loops at the same
 * time. What a listener throws is counted, logged once a minute, and changes nothing.
 */
public interface FlowListener {

    /** A client was connected to a backend; for UDP: its first datagram is on the way to one. */
    default void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {}

    /**
     * A flow has ended, and its sockets are closed before its event loop looks for anything else.
     *
     * @param bytesFromClient how many bytes of payload were taken from the client for the backend
     * @param bytesFromBackend how many bytes of payload were taken from the backend for the client
     */
    default void flowClosed(
            Rule rule,
            InetSocketAddress client,
            Backend backend,
            long bytesFromClient,
            long bytesFromBackend,
            FlowEnd end) {}

    /**
     * A client was turned away: it may not come in, or there was no backend, or none that was tried could be reached, or it
     * left before. A TCP client gets a reset, or a TLS alert for a ClientHello that is not served; for UDP this is told for
     * each datagram that is dropped so. Who may not come in is told by a {@link FlowRefusedException}, one and the same for
     * many clients: do not change it.
     */
    default void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {}
}
