package io.evenkeel.health;

import java.util.concurrent.CompletionStage;

/**
 * One question to one backend: are you well?
 *
 * <p>Called for many backends at once and must not block: it starts the question and returns. A probe that does not
 * answer in time counts as failed and has its {@code CompletableFuture} cancelled, so that it can free what it holds.
 * What it throws counts as a failed probe.
 */
@FunctionalInterface
public interface HealthProbe {

    /** Asks. The stage completes with the answer; completing with an exception is a failed probe. */
    CompletionStage<ProbeResult> check(ProbeTarget target);

    /**
     * Opens a connection to the backend's port and closes it: good when the handshake completes.
     *
     * <p>It does not see a process that hangs: the kernel goes on to complete handshakes until the accept queue is full,
     * 50 to 4,096 of them. Where the backend speaks HTTP, probe it by HTTP.
     */
    static HealthProbe tcp() {
        return new TcpProbe(0);
    }

    /** Opens a connection to a port of its own, such as that of a management endpoint. */
    static HealthProbe tcp(int port) {
        return new TcpProbe(port);
    }

    /** Asks the backend's port by HTTP: good when {@code GET path} is answered with status 200 and nothing else. */
    static HttpProbe http(String path) {
        return new HttpProbe(path, 0);
    }
}
