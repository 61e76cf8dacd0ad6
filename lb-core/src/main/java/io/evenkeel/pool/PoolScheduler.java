package io.evenkeel.pool;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The caller's scheduler, or one of our own that has a thread only while something is planned. */
final class PoolScheduler implements AutoCloseable {
    private final ScheduledExecutorService executor;
    private final boolean isOurs;

    private PoolScheduler(ScheduledExecutorService executor, boolean isOurs) {
        this.executor = executor;
        this.isOurs = isOurs;
    }

    static PoolScheduler of(String pool, @Nullable ScheduledExecutorService given) {
        if (given != null) {
            return new PoolScheduler(given, false);
        }
        ScheduledThreadPoolExecutor own = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "evenkeel-pool-" + pool);
            thread.setDaemon(true);
            return thread;
        });
        own.setKeepAliveTime(1, TimeUnit.SECONDS);
        own.allowCoreThreadTimeOut(true);
        own.setRemoveOnCancelPolicy(true);
        return new PoolScheduler(own, true);
    }

    ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        if (isOurs) {
            executor.shutdownNow();
        }
    }
}
