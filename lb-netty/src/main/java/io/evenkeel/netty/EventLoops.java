package io.evenkeel.netty;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The threads of a forwarder. */
final class EventLoops {
    private static final long CLOSE_SECONDS = 5;

    private final Transport transport;
    private final EventLoopGroup group;
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final Map<EventLoop, RelaySpace> spaces = new HashMap<>();
    private final Resolver resolver;

    EventLoops(Transport transport, int count) {
        this(transport, count, InetAddress::getAllByName);
    }

    EventLoops(Transport transport, int count, Resolver.Lookup lookup) {
        this.resolver = new Resolver(lookup);
        this.transport = transport.resolve();
        this.group = new MultiThreadIoEventLoopGroup(count, new Threads(), this.transport.ioHandlers());
        int pipes = Descriptors.pipesWithin(Descriptors.limit()) / count;
        group.forEach(loop -> spaces.put((EventLoop) loop, new RelaySpace(pipes)));
    }

    Transport transport() {
        return transport;
    }

    EventLoopGroup group() {
        return group;
    }

    /** All of them. */
    List<IoEventLoop> all() {
        List<IoEventLoop> all = new ArrayList<>();
        group.forEach(loop -> all.add((IoEventLoop) loop));
        return all;
    }

    /** For the connections of that loop. */
    RelaySpace space(EventLoop loop) {
        return requireNonNull(spaces.get(loop)); // has one for each
    }

    Resolver resolver() {
        return resolver;
    }

    /** The time of all loops, in nanoseconds. */
    long now() {
        return group.next().ticker().nanoTime();
    }

    /**
     * Has a loop do something, and waits for it, for 1 s at the most: a loop may be held up by a listener.
     *
     * @return false if the loop has ended, and has closed all that was registered with it
     */
    static boolean runOn(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            try {
                loop.submit(task).awaitUninterruptibly(1, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has a loop close sockets, and waits until the system has let go of them, for 1 s at the most. With NIO and {@link RingEpoll}
     * that is when the loop looks for events again; what is planned comes after that.
     *
     * @return as {@link #runOn}; called by the loop itself it does not wait
     */
    static boolean closeOn(EventLoop loop, Runnable close) {
        if (loop.inEventLoop()) {
            close.run();
            return true;
        }
        Promise<Void> over = loop.newPromise();
        try {
            loop.execute(() -> {
                loop.schedule(() -> over.trySuccess(null), 0, TimeUnit.NANOSECONDS);
                close.run();
            });
        } catch (RejectedExecutionException e) {
            return false;
        }
        over.awaitUninterruptibly(1, TimeUnit.SECONDS);
        return true;
    }

    /** An event loop that waits for itself waits for ever. */
    void checkMayWait() {
        for (EventExecutor loop : group) {
            checkState(!loop.inEventLoop(), "called by a listener (expected: a thread that may wait)");
        }
    }

    /** What may fail. */
    interface Task {
        void run() throws IOException;
    }

    /** An event loop did not take a socket: it ends, or the system is out of something. No backend is to blame. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Has a loop do something that may fail, and waits for it, for 5 s at the most: a loop may be held up by a listener, and
     * one that ends may drop what it was given. What it has not begun by then it never will.
     */
    static void callOn(EventLoop loop, Task task) throws IOException {
        Future<?> done = loop.submit(() -> {
            task.run();
            return null;
        });
        if (!done.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS) && done.cancel(false)) {
            throw new IOException("an event loop does not answer");
        }
        done.awaitUninterruptibly(); // if it has begun at the last moment; none of our tasks blocks
        if (!done.isSuccess()) {
            throw done.cause() instanceof IOException e ? e : new IOException(done.cause());
        }
    }

    /** Closes every channel that is left, and waits until all threads have ended, for 5 s at the most. */
    void close() {
        resolver.close();
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return; // closed by a listener: its thread cannot wait for itself
            }
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                thread.join(Math.max(1, interrupted ? 1 : left));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Remembers its threads, since Netty calls a group terminated a moment before they have ended. */
    private final class Threads extends DefaultThreadFactory {
        Threads() {
            super("evenkeel-forwarder", true);
        }

        @Override
        protected Thread newThread(Runnable task, String name) {
            Thread thread = super.newThread(task, name);
            threads.add(thread);
            return thread;
        }
    }
}
