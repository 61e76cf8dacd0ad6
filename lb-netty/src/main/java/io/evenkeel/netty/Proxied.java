package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a header of the PROXY protocol says: who the client is and where it connected to; null if the connection is the
 * proxy's own, or of a family that has no address here.
 */
record Proxied(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
    /** The addresses of the socket count. */
    static final Proxied NOBODY = new Proxied(null, null);

    /** The flow that it names; if it names none, the one it came with. */
    Flow or(Flow own) {
        return source == null || destination == null ? own : new Flow(own.protocol(), source, destination);
    }
}
