package io.evenkeel.availability;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the turn of a member needs.
 *
 * @param wake has the maintenance look again at what has happened
 */
record Crew(
        BackendPool pool,
        MaintenancePolicy policy,
        RollingMaintenance.Action action,
        Executor workers,
        ScheduledExecutorService scheduler,
        Runnable wake) {

    Deadline deadline(Duration time) {
        return Deadline.in(time, scheduler, wake);
    }

    /** Has the action done, and wakes when it has ended. */
    CompletableFuture<Void> work(Backend backend) {
        CompletableFuture<Void> work = new CompletableFuture<>();
        workers.execute(() -> {
            try {
                action.perform(backend);
                work.complete(null);
            } catch (Throwable fault) {
                work.completeExceptionally(fault);
            }
            wake.run();
        });
        return work;
    }
}
