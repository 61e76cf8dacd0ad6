package io.evenkeel.netty;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The flows of one front end on one event loop, and the sweep that ends the idle ones: no timer for each flow. */
final class TcpFlows {
    private static final long MIN_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final Set<TcpFlow> flows = new HashSet<>();
    private volatile long sweepNanos = MAX_SWEEP_NANOS;
    private boolean closed;

    TcpFlows(EventLoop loop) {
        this.loop = loop;
    }

    /** From any thread, before the first flow with this timeout. */
    void expect(Duration idleTimeout) {
        // Never longer than before: flows that are there may have a shorter timeout.
        sweepNanos = Math.min(sweepNanos, sweepNanos(idleTimeout.toNanos()));
    }

    void start() {
        loop.schedule(this::sweep, sweepNanos, TimeUnit.NANOSECONDS);
    }

    /** A tenth of the timeout, so that no flow lives more than that too long, within reason. */
    static long sweepNanos(long idleNanos) {
        return Math.max(MIN_SWEEP_NANOS, Math.min(MAX_SWEEP_NANOS, idleNanos / 10));
    }

    /** False once closed: then the flow must not begin. */
    boolean add(TcpFlow flow) {
        return !closed && flows.add(flow);
    }

    void remove(TcpFlow flow) {
        flows.remove(flow);
    }

    private void sweep() {
        long now = now();
        for (TcpFlow flow : List.copyOf(flows)) {
            flow.check(now);
        }
        if (!closed) {
            start();
        }
    }

    long now() {
        return loop.ticker().nanoTime();
    }

    /** From any thread. */
    void close() {
        EventLoops.runOn(loop, () -> {
            closed = true;
            List.copyOf(flows).forEach(TcpFlow::abort);
        });
    }
}
