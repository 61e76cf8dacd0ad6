package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Whom a probe asks, and the means to do so. */
public final class ProbeTarget {
    private final Backend backend;
    private final InetSocketAddress address;
    private final ProbeSockets sockets;

    ProbeTarget(Backend backend, InetSocketAddress address, ProbeSockets sockets) {
        this.backend = backend;
        this.address = address;
        this.sockets = sockets;
    }

    /** The backend as it was declared. */
    public Backend backend() {
        return backend;
    }

    /** Its address, resolved. */
    public InetSocketAddress address() {
        return address;
    }

    /** Its address with another port; 0 stands for its own. */
    public InetSocketAddress address(int port) {
        return port == 0 ? address : new InetSocketAddress(address.getAddress(), port);
    }

    /**
     * A new socket, which is served by the monitor's thread; the probe closes it. A stage that completes with the exception
     * that this throws is no failed probe: there was no socket left, and the backend is not to blame.
     */
    public AsynchronousSocketChannel openSocket() throws IOException {
        return sockets.open();
    }

    /** Runs what may take long or block. */
    Executor tasks() {
        return sockets.tasks();
    }

    CompletableFuture<ProbeResult> askByDatagram(ProbeRoute route, byte[] send, Function<byte[], ProbeResult> judge) {
        try {
            return sockets.datagrams().ask(route.source(), address(route.port()), send, judge);
        } catch (NoSocketException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(ProbeResult.failed(e));
        }
    }
}
