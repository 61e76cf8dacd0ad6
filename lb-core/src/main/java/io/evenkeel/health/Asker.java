package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Asks a backend by a probe that may be the user's: whatever that does, there is an answer to wait for. */
record Asker(ProbeSockets sockets, Faults faults) {

    ProbeCall ask(HealthProbe probe, Backend backend) {
        ProbeCall call = new ProbeCall();
        try {
            CompletableFuture<ProbeTarget> lookup = sockets.target(backend);
            lookup.whenComplete((target, fault) -> {
                if (fault != null) {
                    call.answer().completeExceptionally(fault);
                } else if (!call.answer().isDone()) {
                    ask(probe, target, call);
                }
            });
            if (!lookup.isDone()) {
                call.answer().whenComplete((result, fault) -> lookup.cancel(false));
            }
        } catch (RejectedExecutionException e) {
            call.answer().complete(ProbeResult.bad("health monitor is closed"));
        } catch (Throwable fault) { // no thread left for the look-up: nobody was asked
            call.answer().completeExceptionally(new NoSocketException(new IOException(fault)));
        }
        return call;
    }

    private void ask(HealthProbe probe, ProbeTarget target, ProbeCall call) {
        try {
            if (probe.mayBlock()) {
                new ForeignProbe(probe, call, sockets.foreign(), faults).ask(target);
                return;
            }
            CompletableFuture<ProbeResult> question = probe.check(target).toCompletableFuture();
            question.whenComplete((result, fault) -> pass(result, fault, call.answer()));
            call.answer().whenComplete((result, fault) -> question.cancel(true));
        } catch (Throwable fault) {
            faults.caught("probe", fault);
            call.answer().completeExceptionally(fault);
        }
    }

    /** Hands on what a probe has answered. */
    static void pass(ProbeResult result, Throwable fault, CompletableFuture<ProbeResult> answer) {
        if (fault != null) {
            answer.completeExceptionally(fault);
        } else {
            answer.complete(result != null ? result : ProbeResult.bad("no result"));
        }
    }
}
