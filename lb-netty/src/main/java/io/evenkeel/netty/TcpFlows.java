package io.evenkeel.netty;

import io.evenkeel.netty.rule.FlowOptions;
import io.evenkeel.netty.rule.TcpOptions;
import io.netty.channel.IoEventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The flows of one front end on one event loop, and the sweep that ends the idle ones: no timer for each flow. */
final class TcpFlows {
    private static final long MIN_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IoEventLoop loop;
    private final RelaySpace space;
    private final RandomGenerator random;
    private final ConnectTimeouts connecting;
    private final Set<TcpFlow> flows = new HashSet<>();
    private final Set<FirstBytes> beginning = new HashSet<>();
    private volatile long sweepNanos = MAX_SWEEP_NANOS;
    private boolean closed;

    TcpFlows(IoEventLoop loop, RelaySpace space, RandomGenerator random) {
        this.loop = loop;
        this.space = space;
        this.random = random;
        this.connecting = new ConnectTimeouts(loop);
    }

    /** From any thread, before the first flow with these options. */
    void expect(FlowOptions options) {
        TcpOptions tcp = options.tcp();
        long nanos = Math.min(options.idleTimeout().toNanos(), tcp.finTimeout().toNanos());
        long shortest =
                tcp.maxDuration().map(max -> Math.min(nanos, max.toNanos())).orElse(nanos);
        // Never longer than before: flows that are there may have a shorter timeout.
        sweepNanos = Math.min(sweepNanos, sweepNanos(shortest));
    }

    void start() {
        loop.schedule(this::sweep, sweepNanos, TimeUnit.NANOSECONDS);
    }

    /** A tenth of the timeout, so that no flow lives more than that too long, within reason. */
    static long sweepNanos(long idleNanos) {
        return Math.max(MIN_SWEEP_NANOS, Math.min(MAX_SWEEP_NANOS, idleNanos / 10));
    }

    /** How long a flow that opens now may last; {@link Route#FOR_EVER} without an end. */
    long lifetimeNanos(TcpOptions tcp) {
        return lifetimeNanos(tcp, random);
    }

    static long lifetimeNanos(TcpOptions tcp, RandomGenerator random) {
        return tcp.maxDuration()
                .map(max -> (long) (max.toNanos() * (1 - tcp.jitter() * random.nextDouble())))
                .orElse(Route.FOR_EVER);
    }

    IoEventLoop loop() {
        return loop;
    }

    ConnectTimeouts connecting() {
        return connecting;
    }

    RelaySpace space() {
        return space;
    }

    /** After all others have had their turn. */
    void later(Runnable task) {
        loop.execute(task);
    }

    /** False once closed: then the flow must not begin. */
    boolean add(TcpFlow flow) {
        return !closed && flows.add(flow);
    }

    void remove(TcpFlow flow) {
        flows.remove(flow);
    }

    /** The same of what comes before a flow. */
    boolean add(FirstBytes first) {
        return !closed && beginning.add(first);
    }

    void remove(FirstBytes first) {
        beginning.remove(first);
    }

    private void sweep() {
        if (!closed) {
            start(); // first, for whatever goes wrong with a flow must not end this for all others
        }
        long now = now();
        for (TcpFlow flow : List.copyOf(flows)) {
            flow.check(now);
        }
    }

    long now() {
        return loop.ticker().nanoTime();
    }

    /** From any thread. */
    void close() {
        EventLoops.runOn(loop, () -> {
            closed = true;
            List.copyOf(beginning).forEach(FirstBytes::close);
            List.copyOf(flows).forEach(TcpFlow::abort);
        });
    }
}
