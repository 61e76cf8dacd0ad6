package io.evenkeel.netty;

import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.PoolSnapshot;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The flows of one rule on one event loop, and the sweep that ends the idle ones: no timer for each flow. */
final class TcpFlows {
    private static final long MIN_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What fits the second cache of a core: larger ones take fewer calls, and each byte longer. */
    private static final int BUFFER_BYTES = 128 << 10;

    private static final int MAX_PIPES = 128;

    private final IoEventLoop loop;
    private final long idleNanos;
    private final long periodNanos;
    private final RandomGenerator random;
    private final Route route;
    private final Set<TcpFlow> flows = new HashSet<>();
    private final ConnectTimeouts connecting;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private int pipes;
    private boolean closed;

    TcpFlows(IoEventLoop loop, Route route, RandomGenerator random) {
        this.loop = loop;
        this.random = random;
        this.idleNanos = route.rule().idleTimeout().toNanos();
        TcpOptions tcp = route.rule().tcp();
        long shortest = Math.min(idleNanos, tcp.finTimeout().toNanos());
        this.periodNanos = sweepNanos(
                tcp.maxDuration().map(max -> Math.min(shortest, max.toNanos())).orElse(shortest));
        this.route = route;
        this.connecting = new ConnectTimeouts(loop);
    }

    void start() {
        loop.scheduleWithFixedDelay(this::sweep, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
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

    /** For whoever reads now, until the next one does. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** For what has to be kept. */
    ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    /** Whether there may be another pipe: each takes two descriptors. */
    boolean mayPipe() {
        return pipes < MAX_PIPES;
    }

    void piped(int change) {
        pipes += change;
    }

    /** After all others have had their turn. */
    void later(Runnable task) {
        loop.execute(task);
    }

    /** False once closed: then the flow must not begin. */
    boolean add(TcpFlow flow) {
        return !closed && flows.add(flow);
    }

    /** Whether it was there. */
    boolean remove(TcpFlow flow) {
        return flows.remove(flow);
    }

    private void sweep() {
        long now = now();
        PoolSnapshot snapshot = route.rule().pool().snapshot();
        long graceNanos = route.graceNanos();
        for (TcpFlow flow : List.copyOf(flows)) {
            flow.check(now, idleNanos);
            if (graceNanos != Route.FOR_EVER) {
                flow.checkMember(snapshot, now, graceNanos);
            }
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
