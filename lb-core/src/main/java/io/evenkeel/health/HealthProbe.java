package io.evenkeel.health;

import java.util.concurrent.CompletionStage;

/**
 * One question to one backend: are you well?
 *
 * <p>Called for many backends at once and should not block: it starts the question and returns. A probe that does not
 * answer in time counts as failed and has its {@code CompletableFuture} cancelled, so that it can free what it holds.
 * What it throws counts as a failed probe.
 *
 * <p>A probe of your own is called, and cancelled, on daemon threads that hold up nobody else. One that has not returned
 * in time is interrupted; until it returns it counts against {@link ProbeSchedule#maxConcurrent}, by default 100 for probes
 * that may block, which is thereby the most threads there can be, and its backend is not asked again: each probe that would
 * be due has failed.
 */
@FunctionalInterface
public interface HealthProbe {

    /** Asks. The stage completes with the answer; completing with an exception is a failed probe. */
    CompletionStage<ProbeResult> check(ProbeTarget target);

    /**
     * Whether {@link #check}, or whoever waits for its stage, may wait for anything or take long; true by default, and
     * false for the probes here. One that may not is called on the scheduler's thread, which saves a thread for each.
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Opens a connection to the backend's port and closes it: good when the handshake completes.
     *
     * <p>It does not see a process that hangs: the kernel goes on to complete handshakes until the accept queue is full,
     * 50 to 4,096 of them. Where the backend speaks HTTP, probe it by HTTP; where it speaks anything else, let it say
     * something by {@link TcpProbe#withExchange}.
     */
    static TcpProbe tcp() {
        return TcpProbe.to(0);
    }

    /** Opens a connection to a port of its own, such as that of a management endpoint. */
    static TcpProbe tcp(int port) {
        return TcpProbe.to(port);
    }

    /**
     * Sends a datagram to the backend's port: good when one comes back that begins with {@code expect}, which may be
     * empty. A datagram that gets lost is a failed probe, so that one failure should not be enough for a verdict.
     *
     * @param expect how the answer must begin, at most 8,192 bytes
     */
    static UdpProbe udp(byte[] send, byte[] expect) {
        return UdpProbe.to(0, send, expect);
    }

    /** Sends a datagram to a port of its own. */
    static UdpProbe udp(int port, byte[] send, byte[] expect) {
        return UdpProbe.to(port, send, expect);
    }

    /** Asks the backend's port by HTTP: good when {@code GET path} is answered with status 200 and nothing else. */
    static HttpProbe http(String path) {
        return HttpProbe.of(path);
    }

    /** The same by HTTPS, which includes that the backend's certificate is valid, trusted and in its name. */
    static HttpProbe https(String path) {
        return http(path).withTls(ProbeTls.defaults());
    }
}
