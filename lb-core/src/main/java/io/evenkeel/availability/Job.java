package io.evenkeel.availability;

import io.evenkeel.availability.MaintenanceProgress.Phase;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The turn of one member. Looks at what is and takes the next step, whatever has woken it; called by one thread at a time. */
final class Job {
    private final Backend backend;
    private final Crew crew;
    private Phase phase = Phase.WAITING;
    private String reason = "";
    private boolean wasWell;
    private boolean isReturning; // the action has succeeded
    private @Nullable CompletableFuture<Boolean> drained;
    private @Nullable CompletableFuture<Void> work;
    private @Nullable Deadline deadline;

    Job(Backend backend, Crew crew) {
        this.backend = backend;
        this.crew = crew;
    }

    Phase phase() {
        return phase;
    }

    MaintenanceProgress.Step step() {
        return new MaintenanceProgress.Step(backend, phase, reason);
    }

    boolean isOver() {
        return phase == Phase.DONE || phase == Phase.SKIPPED;
    }

    boolean isUnderWay() {
        return phase == Phase.DRAINING || phase == Phase.WORKING || phase == Phase.RETURNING;
    }

    private void become(Phase next, String why) {
        phase = next;
        reason = why;
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private Optional<Member> member() {
        return crew.pool().snapshot().member(backend.id());
    }

    /** Begins to drain the member if the others can spare it. */
    void begin() {
        Member member = member().orElse(null);
        if (member == null) {
            become(Phase.SKIPPED, "has left the pool");
        } else if (member.isTakenOut()) {
            become(Phase.SKIPPED, "an operator keeps it out");
        } else {
            wasWell = isWell(member);
            ifStillThere(this::drain);
        }
    }

    private void drain() {
        Optional<CompletionStage<Boolean>> begun = crew.pool()
                .drain(backend.id(), crew.policy().drainTimeout(), crew.policy().minAvailable());
        begun.ifPresent(end -> {
            drained = end.toCompletableFuture();
            CompletionStage<Void> unused = drained.thenRun(crew.wake());
            become(Phase.DRAINING, "");
        });
    }

    /** Ends the drain of a member that nothing was done to: its turn will come again. */
    void giveBack() {
        become(Phase.WAITING, "");
        ifStillThere(() -> crew.pool().resume(backend.id()));
    }

    /** Takes up what failed, where it failed. */
    void retry() {
        if (isReturning) {
            awaitReturn();
        } else {
            workIfDrained();
        }
    }

    void advance() {
        switch (phase) {
            case DRAINING -> {
                if (isNeededElsewhere()) {
                    giveBack();
                } else if (drained != null && drained.isDone()) {
                    workIfDrained();
                } else if (!isDrained()) {
                    becomeSkipped();
                }
            }
            case WORKING -> {
                if (work != null && work.isDone()) {
                    afterWork(work);
                }
            }
            case RETURNING -> checkReturn();
            default -> {
                // Nothing is going on.
            }
        }
    }

    /** Others have gone down meanwhile, so that this one is missed. */
    private boolean isNeededElsewhere() {
        PoolSnapshot snapshot = crew.pool().snapshot();
        return wasWell
                && isDrained()
                && snapshot.members().stream().filter(Job::isWell).count()
                        < crew.policy().minAvailable();
    }

    private static boolean isWell(Member member) {
        return member.state() == BackendState.UP && member.backend().weight() > 0;
    }

    private boolean isDrained() {
        return member().filter(m -> m.state() == BackendState.DRAINING).isPresent();
    }

    private void becomeSkipped() {
        become(Phase.SKIPPED, member().isPresent() ? "somebody has ended its drain" : "has left the pool");
    }

    private void workIfDrained() {
        if (!isDrained()) {
            becomeSkipped();
            return;
        }
        long open = member().map(m -> m.load().inFlight()).orElse(0L);
        become(Phase.WORKING, open == 0 ? "" : open + " picks were open");
        work = crew.work(backend);
    }

    private void afterWork(CompletableFuture<Void> ended) {
        if (ended.isCompletedExceptionally()) {
            become(
                    Phase.FAILED,
                    "the action failed: " + ended.handle((none, fault) -> fault).join());
        } else {
            isReturning = true;
            ifStillThere(() -> {
                // Its last verdict is older than the action, and so are its failures.
                crew.pool().renew(backend.id());
                awaitReturn();
            });
        }
    }

    private void awaitReturn() {
        become(Phase.RETURNING, "");
        deadline = crew.deadline(crew.policy().healthyTimeout());
        checkReturn();
    }

    private void checkReturn() {
        Member member = member().orElse(null);
        if (member == null) {
            become(Phase.SKIPPED, "has left the pool");
        } else if (member.isTakenOut()) {
            become(Phase.SKIPPED, "an operator keeps it out");
        } else if (member.state() == BackendState.UP && !member.isRamping()) {
            become(Phase.DONE, "");
        } else if (deadline != null && deadline.isOver()) {
            become(
                    Phase.FAILED,
                    "not well after " + crew.policy().healthyTimeout() + ": " + member.state() + " (" + member.reason()
                            + ")");
        }
    }

    /** Members may leave at any moment, and then their turn is over. */
    private void ifStillThere(Runnable change) {
        try {
            change.run();
        } catch (IllegalArgumentException e) {
            if (member().isPresent()) {
                throw e;
            }
            become(Phase.SKIPPED, "has left the pool");
        }
    }
}
