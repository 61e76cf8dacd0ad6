package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks single questions, without a monitor. */
final class Asking implements AutoCloseable {
    final ProbeSockets sockets = new ProbeSockets("test");

    CompletableFuture<ProbeResult> begin(HealthProbe probe, Backend backend) {
        return sockets.target(backend)
                .thenCompose(target -> probe.check(target))
                .toCompletableFuture();
    }

    CompletableFuture<ProbeResult> begin(HealthProbe probe, InetSocketAddress address) {
        Backend backend = Backend.of(address.getAddress().getHostAddress(), address.getPort());
        return probe.check(new ProbeTarget(backend, address, sockets)).toCompletableFuture();
    }

    ProbeResult ask(HealthProbe probe, InetSocketAddress address) throws Exception {
        return begin(probe, address).get(10, TimeUnit.SECONDS);
    }

    /** Where nobody listens. */
    static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) tcp.getLocalSocketAddress();
        }
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
