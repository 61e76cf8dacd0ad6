package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Probes one member for as long as it is in the pool: asks, waits, judges, and asks again. */
final class Watch implements AutoCloseable {
    private final Backend backend;
    private final HealthMonitor monitor;
    private final RiseAndFall verdict = new RiseAndFall();

    private @Nullable Future<?> next; // guarded by this
    private @Nullable CompletableFuture<ProbeResult> question; // guarded by this
    private boolean closed; // guarded by this

    Watch(Backend backend, HealthMonitor monitor) {
        this.backend = backend;
        this.monitor = monitor;
    }

    /** Whether this is the place we watch: another address under the same id is another place. */
    boolean isOf(Backend other) {
        return backend.address().equals(other.address());
    }

    /** Plans the next probe. */
    synchronized void askAfter(long delayNanos) {
        if (!closed) {
            next = monitor.schedule(this::ask, delayNanos);
        }
    }

    private void ask() {
        askAfter(monitor.intervalNanos()); // first, so that nothing that goes wrong below ends the probing
        CompletableFuture<ProbeResult> answer = monitor.check(backend);
        synchronized (this) {
            question = answer;
        }
        Future<?> deadline = monitor.schedule(
                () -> answer.complete(ProbeResult.bad("no answer within " + monitor.timeout())),
                monitor.timeoutNanos());
        // Back to the scheduler's thread: a verdict rebuilds tables, which must not hold up the sockets of other
        // probes.
        answer.whenCompleteAsync(
                (result, fault) -> {
                    deadline.cancel(false);
                    judge(fault == null ? result : ProbeResult.failed(causeOf(fault)));
                },
                monitor.executor());
    }

    private void judge(ProbeResult result) {
        boolean isChanged;
        synchronized (this) {
            question = null;
            isChanged = !closed && verdict.record(result.isGood(), monitor.schedule());
        }
        if (isChanged) {
            monitor.tell(backend, verdict.isUp(), result.reason());
        }
    }

    private static Throwable causeOf(Throwable fault) {
        Throwable cause = fault.getCause();
        return fault instanceof CompletionException && cause != null ? cause : fault;
    }

    @Override
    public void close() {
        CompletableFuture<ProbeResult> pending;
        synchronized (this) {
            closed = true;
            pending = question;
            if (next != null) {
                next.cancel(false);
            }
        }
        if (pending != null) {
            pending.cancel(false); // without the lock: a probe of the user's may act on it at once
        }
    }
}
