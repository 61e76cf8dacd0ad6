package io.evenkeel.health;

import io.evenkeel.event.Faults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** One call of a probe that may block: it holds up a thread of its own and nobody else, be it asked or cancelled. */
record ForeignProbe(HealthProbe probe, ProbeCall call, Executor threads, Faults faults) {

    void ask(ProbeTarget target) {
        if (!call.enter()) {
            return;
        }
        call.answer().whenComplete((result, fault) -> {
            // A thread that is still in there has nothing else to do.
            if (call.interrupt() && !call.answer().isCancelled()) {
                faults.caught("probe", new TimeoutException("check has not returned in time"));
            }
        });
        try {
            threads.execute(() -> check(target));
        } catch (RejectedExecutionException e) {
            call.answer().complete(ProbeResult.bad("health monitor is closed"));
            call.leave();
        } catch (Throwable fault) { // no thread left
            blame(fault);
            call.leave();
        }
    }

    private void check(ProbeTarget target) {
        if (!call.beginInterruptible()) {
            call.leave();
            return;
        }
        CompletableFuture<ProbeResult> question;
        try {
            question = probe.check(target).toCompletableFuture();
        } catch (Throwable fault) {
            question = CompletableFuture.failedFuture(fault);
            blame(fault);
        } finally {
            call.endInterruptible();
        }
        await(question);
    }

    private void await(CompletableFuture<ProbeResult> question) {
        if (call.answer().isDone()) {
            cancel(question);
            return;
        }
        question.whenComplete((result, fault) -> Asker.pass(result, fault, call.answer()));
        // Whoever completes the answer must not wait for what the user has hung on a cancellation.
        call.answer().whenComplete((result, fault) -> cancelElsewhere(question));
    }

    private void cancelElsewhere(CompletableFuture<ProbeResult> question) {
        if (question.isDone()) {
            call.leave();
            return;
        }
        try {
            threads.execute(() -> cancel(question));
        } catch (Throwable fault) { // closed just now, or no thread left
            cancel(question);
        }
    }

    private void cancel(CompletableFuture<ProbeResult> question) {
        try {
            question.cancel(true);
        } catch (Throwable fault) {
            faults.caught("probe", fault);
        } finally {
            call.leave();
        }
    }

    /** What is thrown when nobody waits any more was most likely the answer to our interrupt. */
    private void blame(Throwable fault) {
        if (!call.answer().isDone()) {
            faults.caught("probe", fault);
            call.answer().completeExceptionally(fault);
        }
    }
}
