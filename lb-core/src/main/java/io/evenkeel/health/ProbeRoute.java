package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How a probe's connection is made.
 *
 * @param port where to; 0 is the backend's own port
 * @param source from which address of this machine; empty leaves the choice to the system
 * @param proxyHeader what is sent first
 */
record ProbeRoute(int port, Optional<InetAddress> source, ProxyHeader proxyHeader) {
    ProbeRoute {
        checkPort(port);
    }

    static ProbeRoute to(int port) {
        return new ProbeRoute(port, Optional.empty(), ProxyHeader.OFF);
    }

    static void checkPort(int port) {
        checkArgument(port >= 0 && port <= 65_535, "port: %s (expected: 0 to 65535)", port);
    }

    /** Protocol and port, for listings. */
    String named(String protocol) {
        return port == 0 ? protocol : protocol + ":" + port;
    }
}
