package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads behind the probes of one monitor: one for all connections, one for all datagrams, and some that come and go
 * for what blocks or takes long. None is there before it is needed.
 */
final class ProbeSockets implements AutoCloseable {
    /** Certificates cost time rather than waiting, and the application needs its processors itself. */
    private static final int TASK_THREADS = 1;

    private static final int IDLE_SECONDS = 10;

    private final ThreadFactory threads;
    private final Lookups lookups;
    private final ThreadPoolExecutor tasks;
    private final ThreadPoolExecutor foreign;
    private @Nullable AsynchronousChannelGroup group; // guarded by this
    private @Nullable Datagrams datagrams; // guarded by this
    private boolean closed; // guarded by this

    ProbeSockets(String pool) {
        this(task -> {
            Thread thread = new Thread(task, "evenkeel-probe-" + pool);
            thread.setDaemon(true);
            return thread;
        });
    }

    ProbeSockets(ThreadFactory threads) {
        this.threads = threads;
        this.lookups = new Lookups(threads, Lookups::bySystem);
        this.tasks = pool(TASK_THREADS, threads);
        // One that waits for a thread would wait for one that hangs. How many there can be is up to the gate.
        this.foreign = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }

    private static ThreadPoolExecutor pool(int size, ThreadFactory threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** A target whose address is resolved, off the caller's thread where that takes a look-up; to be cancelled. */
    CompletableFuture<ProbeTarget> target(Backend backend) {
        InetSocketAddress address = backend.address();
        if (!address.isUnresolved()) {
            return CompletableFuture.completedFuture(new ProbeTarget(backend, address, this));
        }
        CompletableFuture<InetSocketAddress> lookup = lookups.resolve(address);
        CompletableFuture<ProbeTarget> target = lookup.thenApply(found -> new ProbeTarget(backend, found, this));
        target.whenComplete((found, fault) -> lookup.cancel(false));
        return target;
    }

    /** How many look-ups wait for a thread. */
    int waitingLookups() {
        return lookups.waiting();
    }

    /** Opened with the first socket: a monitor of custom probes needs no thread of ours. */
    synchronized AsynchronousSocketChannel open() throws IOException {
        if (closed) {
            throw new IOException("health monitor is closed");
        }
        try {
            if (group == null) {
                group = AsynchronousChannelGroup.withFixedThreadPool(1, threads);
            }
            return AsynchronousSocketChannel.open(group);
        } catch (IOException e) {
            throw new NoSocketException(e);
        }
    }

    synchronized Datagrams datagrams() throws IOException {
        if (closed) {
            throw new IOException("health monitor is closed");
        }
        try {
            if (datagrams == null) {
                datagrams = new Datagrams(threads);
            }
            return datagrams;
        } catch (IOException e) {
            throw new NoSocketException(e);
        }
    }

    /** For the tasks of TLS. */
    Executor tasks() {
        return tasks;
    }

    /** For probes that may block. */
    Executor foreign() {
        return foreign;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        lookups.close();
        tasks.shutdownNow();
        foreign.shutdown(); // without an interrupt: who was still asked has had one, and others free what they hold
        if (datagrams != null) {
            datagrams.close();
        }
        if (group != null) {
            group.shutdownNow();
        }
    }
}
