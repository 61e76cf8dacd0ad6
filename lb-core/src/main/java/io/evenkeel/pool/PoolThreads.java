package io.evenkeel.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the caller gave to run things on, and in place of what was not given, threads that are there only while needed. */
final class PoolThreads implements AutoCloseable {
    private final ScheduledExecutorService scheduler;
    private final Executor listenerExecutor;
    private final List<ExecutorService> ours = new ArrayList<>();

    PoolThreads(String pool, @Nullable ScheduledExecutorService scheduler, @Nullable Executor listenerExecutor) {
        this.scheduler = scheduler != null ? scheduler : ownScheduler(pool);
        this.listenerExecutor = listenerExecutor != null ? listenerExecutor : ownListenerExecutor(pool);
    }

    private ScheduledExecutorService ownScheduler(String pool) {
        ScheduledThreadPoolExecutor own = new ScheduledThreadPoolExecutor(1, daemons("evenkeel-pool-" + pool));
        own.setRemoveOnCancelPolicy(true);
        return ours(own);
    }

    private Executor ownListenerExecutor(String pool) {
        return ours(new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("evenkeel-events-" + pool)));
    }

    private <T extends ThreadPoolExecutor> T ours(T own) {
        own.setKeepAliveTime(1, TimeUnit.SECONDS);
        own.allowCoreThreadTimeOut(true);
        ours.add(own);
        return own;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    Executor listenerExecutor() {
        return listenerExecutor;
    }

    /** What has happened is still told; what time would bring is not. */
    @Override
    public void close() {
        ours.forEach(own -> {
            if (own == scheduler) {
                own.shutdownNow();
            } else {
                own.shutdown();
            }
        });
    }
}
