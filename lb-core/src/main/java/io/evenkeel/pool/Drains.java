package io.evenkeel.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The drains of a pool that have not ended, those of members that have left included. Guarded by the pool's lock. */
final class Drains {
    private final Executor executor;
    private final List<Drain> open = new ArrayList<>();

    Drains(Executor executor) {
        this.executor = executor;
    }

    Drain begin(LoadStats load, long deadlineNanos) {
        open.removeIf(ended -> ended.end().isDone());
        Drain drain = new Drain(load, deadlineNanos, executor, new CompletableFuture<>());
        load.whenEmpty(() -> drain.end(true));
        open.add(drain);
        return drain;
    }

    void end(@Nullable Drain drain) {
        if (drain != null) {
            drain.end(false);
        }
    }

    void endAll() {
        open.forEach(drain -> drain.end(false));
        open.clear();
    }

    void endBy(long nowNanos) {
        open.stream().filter(drain -> nowNanos - drain.deadlineNanos() >= 0).forEach(drain -> drain.end(false));
        open.removeIf(
                drain -> nowNanos - drain.deadlineNanos() >= 0 || drain.end().isDone());
    }

    /** How long until the next deadline; {@link Alarm#NEVER} without any. */
    long nextDelay(long nowNanos) {
        return open.stream()
                .filter(drain -> !drain.end().isDone())
                .mapToLong(drain -> drain.deadlineNanos() - nowNanos)
                .min()
                .orElse(Alarm.NEVER);
    }
}
