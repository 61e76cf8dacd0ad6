package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.Faults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Asks a backend by a probe that may be the user's: whatever that does, there is an answer to wait for. */
record Asker(ProbeSockets sockets, Faults faults) {

    /** Whoever completes the answer by himself has stopped waiting, and the probe frees what it holds. */
    CompletableFuture<ProbeResult> ask(HealthProbe probe, Backend backend) {
        CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
        try {
            sockets.target(backend).whenComplete((target, fault) -> {
                if (fault != null) {
                    answer.completeExceptionally(fault);
                } else if (!answer.isDone()) {
                    ask(probe, target, answer);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.complete(ProbeResult.bad("health monitor is closed"));
        }
        return answer;
    }

    private void ask(HealthProbe probe, ProbeTarget target, CompletableFuture<ProbeResult> answer) {
        try {
            CompletableFuture<ProbeResult> question = probe.check(target).toCompletableFuture();
            question.whenComplete((result, fault) -> {
                if (fault != null) {
                    answer.completeExceptionally(fault);
                } else {
                    answer.complete(result != null ? result : ProbeResult.bad("no result"));
                }
            });
            answer.whenComplete((result, fault) -> question.cancel(true));
        } catch (Throwable fault) {
            faults.caught("probe", fault);
            answer.completeExceptionally(fault);
        }
    }
}
