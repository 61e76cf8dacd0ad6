package io.evenkeel.affinity;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.InetSocketAddress;

/**
 * The five-tuple of a connection or of a stream of datagrams. Immutable.
 *
 * @param protocol TCP or UDP
 * @param source the client's address and port
 * @param destination the address and port the client sent to: those of our front end
 */
public record Flow(Protocol protocol, InetSocketAddress source, InetSocketAddress destination) {
    /** Checks that both addresses are resolved. */
    public Flow {
        checkArgument(!source.isUnresolved(), "source: %s (expected: a resolved address)", source);
        checkArgument(!destination.isUnresolved(), "destination: %s (expected: a resolved address)", destination);
    }
}
