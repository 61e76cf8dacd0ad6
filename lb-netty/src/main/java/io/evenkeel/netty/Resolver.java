package io.evenkeel.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks host names up on threads of its own: the system's resolver blocks, and an event loop must not. Asks for a name once at a
 * time, for all who want it, so that one that takes long does not hold all threads up.
 */
final class Resolver {
    private static final int THREADS = 4;
    private static final int MAX_WAITING = 10_000;

    private final Lookup lookup;
    private final ThreadPoolExecutor executor;
    private final ConcurrentMap<String, CompletableFuture<InetAddress[]>> asking = new ConcurrentHashMap<>();

    /** The resolver of the system, but for tests. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    Resolver(Lookup lookup) {
        this.lookup = lookup;
        executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory("evenkeel-resolver", true));
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * All addresses of the host, the one that the system prefers first; fails if there is none within the time. Listeners run
     * on {@code loop}.
     */
    Future<List<InetSocketAddress>> resolve(InetSocketAddress unresolved, EventLoop loop, long timeoutMillis) {
        Promise<List<InetSocketAddress>> result = loop.newPromise();
        String host = unresolved.getHostString();
        try {
            asking.computeIfAbsent(host, this::ask).whenComplete((addresses, failure) -> {
                if (failure == null) {
                    result.trySuccess(Arrays.stream(addresses)
                            .map(address -> new InetSocketAddress(address, unresolved.getPort()))
                            .toList());
                } else {
                    result.tryFailure(failure);
                }
            });
        } catch (RejectedExecutionException e) {
            result.tryFailure(e);
            return result;
        }
        Future<?> limit = loop.schedule(
                () -> result.tryFailure(
                        new UnknownHostException(host + " (no answer within " + timeoutMillis + " ms)")),
                timeoutMillis,
                TimeUnit.MILLISECONDS);
        result.addListener(done -> limit.cancel(false));
        return result;
    }

    private CompletableFuture<InetAddress[]> ask(String host) {
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                answer.complete(lookup.addresses(host));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            } finally {
                asking.remove(host);
            }
        });
        return answer;
    }

    void close() {
        executor.shutdownNow();
    }
}
