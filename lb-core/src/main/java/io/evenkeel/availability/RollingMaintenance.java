package io.evenkeel.availability;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.availability.MaintenanceProgress.Phase;
import io.evenkeel.availability.MaintenanceProgress.State;
import io.evenkeel.backend.Backend;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Restarts the members of a pool, or does anything else to them that takes them away for a while, one update domain after
 * the other, while the others go on.
 *
 * <p>The turn of a member: it is drained, the action is done, it is {@linkplain BackendPool#renew renewed}, and it is waited
 * for until it is well and past its slow start. The members of one update domain have their turns together, as many at once
 * as leave {@link MaintenancePolicy#minAvailable}; the next domain begins when all are over. Where no update domain is known,
 * members go one by one. Who is drained is decided in the same step in which the pool counts who would be left, so the last
 * member that is well is never drained. If others go down while a member is only draining, it is given back.
 *
 * <p>Members that an operator keeps out are passed over, and so are those that leave or whose drain somebody else ends.
 * Newcomers have no turn. When an action fails, or a member does not become well in time, nobody else has a turn; a member
 * whose action failed stays drained, for nobody knows what state it is in.
 *
 * <p>Without a probe on the pool a member counts as well as soon as its action has ended. One maintenance of a pool at a
 * time: a second one passes over the members that the first has out.
 *
 * <p>Safe for use by many threads.
 */
public final class RollingMaintenance {
    /** What is done to a member while it is out of the traffic. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it, and returns when it is done; the member need not be well yet. Called on a thread of its own, which may
         * block; for the members of one update domain at the same time. Limits of time are the action's own: a maintenance
         * neither interrupts it nor goes on without it.
         */
        void perform(Backend backend) throws Exception;
    }

    private enum Wish {
        ABORT,
        RESUME
    }

    private final BackendPool pool;
    private final Crew crew;
    private final List<List<Job>> rounds;
    private final Consumer<MaintenanceProgress> listener;
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicReference<@Nullable Wish> wish = new AtomicReference<>();
    private volatile long seenVersion = -1;
    private volatile MaintenanceProgress progress;
    private volatile CompletableFuture<MaintenanceProgress> end = new CompletableFuture<>();

    // Below: only within a turn
    private State state = State.RUNNING;
    private String reason = "";
    private boolean isAborted;
    private @Nullable Deadline patience; // while nobody can be spared
    private Subscription changes = () -> {};

    private RollingMaintenance(
            BackendPool pool,
            MaintenancePolicy policy,
            Action action,
            Consumer<MaintenanceProgress> listener,
            ScheduledExecutorService scheduler,
            Executor workers) {
        PoolSnapshot snapshot = pool.snapshot();
        checkArgument(
                policy.minAvailable() < snapshot.members().size(),
                "minAvailable: %s (expected: less than the %s members of pool \"%s\")",
                policy.minAvailable(),
                snapshot.members().size(),
                pool.name());
        this.pool = pool;
        this.crew = new Crew(pool, policy, action, workers, scheduler, this::wake);
        this.rounds = Rounds.of(snapshot).stream()
                .map(round -> round.stream().map(b -> new Job(b, crew)).toList())
                .toList();
        this.listener = listener;
        this.progress = measure();
    }

    /**
     * Starts the maintenance of all members that are in the pool now.
     *
     * @param listener hears of each step, one after the other, on a thread of the scheduler, which it must not hold up; what
     *     it throws is counted in {@link BackendPool#faults}
     * @param scheduler runs the clockwork, never blocks in it, and stays the caller's; must be open until the end
     * @throws IllegalArgumentException if the pool has no more members than must stay available
     */
    public static RollingMaintenance start(
            BackendPool pool,
            MaintenancePolicy policy,
            Action action,
            Consumer<MaintenanceProgress> listener,
            ScheduledExecutorService scheduler) {
        return start(pool, policy, action, listener, scheduler, task -> {
            Thread worker = new Thread(task, "evenkeel-maintenance-" + pool.name());
            worker.setDaemon(true);
            worker.start();
        });
    }

    static RollingMaintenance start(
            BackendPool pool,
            MaintenancePolicy policy,
            Action action,
            Consumer<MaintenanceProgress> listener,
            ScheduledExecutorService scheduler,
            Executor workers) {
        RollingMaintenance maintenance = new RollingMaintenance(pool, policy, action, listener, scheduler, workers);
        maintenance.ask(Wish.RESUME);
        return maintenance;
    }

    /** How far it has come. Reads one field. */
    public MaintenanceProgress progress() {
        return progress;
    }

    /**
     * Completes when the maintenance is done, has been aborted or has failed, which the progress says; never with an
     * exception. After {@link #resume} there is another one to ask for.
     */
    public CompletionStage<MaintenanceProgress> end() {
        return end.minimalCompletionStage();
    }

    /**
     * Gives nobody else a turn. Members that are only draining are given back at once; an action that has begun is seen
     * through, and its member waited for. No effect when it has ended.
     */
    public void abort() {
        ask(Wish.ABORT);
    }

    /**
     * Goes on after {@link #abort} or a failure: an action that failed is done again, and a member that did not become well
     * is waited for again. No effect while it runs or when it is done.
     */
    public void resume() {
        ask(Wish.RESUME);
    }

    private void ask(Wish next) {
        if (next == Wish.RESUME) {
            reopen();
        }
        wish.set(next);
        wake();
    }

    private synchronized void reopen() {
        if (end.isDone() && progress.state() != State.DONE) {
            end = new CompletableFuture<>();
        }
    }

    /** A drain that is refused tells the snapshot of before once more, which is no news. */
    private void follow(PoolSnapshot snapshot) {
        if (snapshot.version() != seenVersion) {
            seenVersion = snapshot.version();
            wake();
        }
    }

    /** Has somebody look, once for all that happens until then. */
    private void wake() {
        if (wakes.getAndIncrement() == 0) {
            crew.scheduler().execute(this::run);
        }
    }

    private void run() {
        int seen;
        do {
            seen = wakes.get();
            try {
                turn();
            } catch (Throwable fault) {
                pool.faults().caught("maintenance", fault);
            }
        } while (!wakes.compareAndSet(seen, 0));
    }

    private void turn() {
        heed(wish.getAndSet(null));
        if (isEnded()) {
            end.complete(progress);
            return;
        }
        giveBackIfStopping(); // first, or a member that has just become empty would have its turn after all
        jobs().forEach(Job::advance);
        if (state == State.RUNNING) {
            jobs().filter(job -> job.phase() == Phase.FAILED)
                    .findFirst()
                    .ifPresent(
                            job -> stop(job.step().backend() + ": " + job.step().reason()));
        }
        giveBackIfStopping();
        if (state == State.RUNNING) {
            beginRound();
        }
        if (jobs().noneMatch(Job::isUnderWay)) {
            endOrWait();
        } else {
            endPatience();
        }
        tell();
    }

    private void giveBackIfStopping() {
        if (state == State.STOPPING) {
            jobs().filter(job -> job.phase() == Phase.DRAINING).forEach(Job::giveBack);
        }
    }

    /** A round in which everybody is passed over takes no time. */
    private void beginRound() {
        for (List<Job> round : rounds) {
            round.stream().filter(job -> job.phase() == Phase.WAITING).forEach(Job::begin);
            if (!round.stream().allMatch(Job::isOver)) {
                return;
            }
        }
    }

    private void heed(@Nullable Wish next) {
        if (next == Wish.ABORT && state == State.RUNNING) {
            isAborted = true;
            stop("aborted");
        } else if (next == Wish.RESUME && state != State.DONE) {
            reopen();
            changes.close();
            changes = pool.subscribe(this::follow);
            state = State.RUNNING;
            reason = "";
            isAborted = false;
            jobs().filter(job -> job.phase() == Phase.FAILED).forEach(Job::retry);
        }
    }

    private void stop(String why) {
        state = State.STOPPING;
        reason = why;
    }

    private void endOrWait() {
        if (jobs().allMatch(Job::isOver)) {
            over(State.DONE, "");
        } else if (state == State.STOPPING) {
            over(isAborted ? State.ABORTED : State.FAILED, reason);
        } else if (patience == null) {
            patience = crew.deadline(crew.policy().healthyTimeout());
        } else if (patience.isOver()) {
            String why =
                    "no member could be spared (minAvailable: " + crew.policy().minAvailable() + ")";
            over(State.FAILED, why);
        }
    }

    private void over(State last, String why) {
        state = last;
        reason = why;
        endPatience();
        changes.close();
    }

    private void endPatience() {
        if (patience != null) {
            patience.cancel();
            patience = null;
        }
    }

    private Stream<Job> jobs() {
        return rounds.stream().flatMap(List::stream);
    }

    private MaintenanceProgress measure() {
        return new MaintenanceProgress(state, reason, jobs().map(Job::step).toList());
    }

    private void tell() {
        MaintenanceProgress now = measure();
        if (!now.equals(progress)) {
            progress = now;
            try {
                listener.accept(now);
            } catch (Throwable fault) {
                pool.faults().caught("maintenance listener", fault);
            }
        }
        if (isEnded()) {
            end.complete(now);
        }
    }

    private boolean isEnded() {
        return state != State.RUNNING && state != State.STOPPING;
    }
}
