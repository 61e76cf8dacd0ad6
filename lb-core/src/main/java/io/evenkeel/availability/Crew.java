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
        try {
            workers.execute(() -> perform(backend, work));
        } catch (Throwable fault) { // no thread to be had
            work.completeExceptionally(fault);
            wake.run();
        }
        return work;
    }

    private void perform(Backend backend, CompletableFuture<Void> work) {
        try {
            action.perform(backend);
            work.complete(null);
        } catch (Throwable fault) {
            work.completeExceptionally(fault);
        }
        wake.run();
    }
}
