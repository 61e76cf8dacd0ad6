package io.evenkeel.health;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Looks up the hosts of backends on some threads of its own. A question that is cancelled before its turn has none. */
final class Lookups implements AutoCloseable {
    /** Look-ups block. One name server that hangs must not hold up the probes of all other names. */
    private static final int THREADS = 4;

    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final UnaryOperator<InetSocketAddress> resolver;

    Lookups(ThreadFactory factory, UnaryOperator<InetSocketAddress> resolver) {
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.threads.allowCoreThreadTimeOut(true);
        this.resolver = resolver;
    }

    /** Asks the system. */
    static InetSocketAddress bySystem(InetSocketAddress address) {
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }

    CompletableFuture<InetSocketAddress> resolve(InetSocketAddress address) {
        CompletableFuture<InetSocketAddress> answer = new CompletableFuture<>();
        Runnable lookup = () -> look(address, answer);
        threads.execute(lookup);
        // While a name server hangs, questions come faster than they go: those that have been given up must not pile
        // up.
        answer.whenComplete((found, fault) -> {
            if (answer.isCancelled()) {
                threads.remove(lookup);
            }
        });
        return answer;
    }

    private void look(InetSocketAddress address, CompletableFuture<InetSocketAddress> answer) {
        try {
            InetSocketAddress found = resolver.apply(address);
            if (found.isUnresolved()) {
                throw new UnknownHostException("unknown host " + address.getHostString());
            }
            answer.complete(found);
        } catch (Throwable fault) {
            answer.completeExceptionally(fault);
        }
    }

    /** How many questions wait for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
