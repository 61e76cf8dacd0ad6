package io.evenkeel.pool;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;
import org.jspecify.annotations.Nullable;

/**
 * One backend in one pool at one moment: what was declared, its state, and its load. Immutable but for the load, which
 * lives on from snapshot to snapshot.
 */
public final class Member {
    private final Backend backend;
    private final Standing standing;
    private final BackendState state;
    private final String reason;
    private final int weight;
    private final @Nullable Trial trial;
    private final LoadStats load;
    private final Events events;
    private final @Nullable Meter meter;

    private Member(
            Backend backend,
            Standing standing,
            BackendState state,
            String reason,
            int weight,
            @Nullable Trial trial,
            LoadStats load,
            Events events,
            @Nullable Meter meter) {
        this.backend = backend;
        this.standing = standing;
        this.state = state;
        this.reason = reason;
        this.weight = weight;
        this.trial = trial;
        this.load = load;
        this.events = events;
        this.meter = meter;
    }

    /** A newcomer without load. */
    static Member of(Backend backend, Standing standing, Events events) {
        LoadStats load = new LoadStats();
        return new Member(
                backend, standing, standing.state(), standing.reason(), backend.weight(), null, load, events, null);
    }

    /** The same member, declared anew. */
    Member with(Backend backend) {
        return new Member(backend, standing, state, reason, backend.weight(), trial, load, events, meter);
    }

    /** The same member, of whom more is known, and who is shown by it. */
    Member with(Standing standing) {
        return new Member(
                backend, standing, standing.state(), standing.reason(), weight, standing.trial(), load, events, meter);
    }

    /** The same member, of whom more is known, and who is shown as before: the pool is frozen. */
    Member noting(Standing standing) {
        return new Member(backend, standing, state, reason, weight, trial, load, events, meter);
    }

    /** The same place, where something new answers: shown as before, without load. */
    Member renewed() {
        return new Member(backend, standing, state, reason, backend.weight(), null, new LoadStats(), events, null);
    }

    /** The same member with a share that differs from the declared one. */
    Member weighing(int weight) {
        return new Member(backend, standing, state, reason, weight, trial, load, events, meter);
    }

    /** The same member, whose picks are followed by a meter. */
    Member metered(@Nullable Meter meter) {
        return new Member(backend, standing, state, reason, weight, trial, load, events, meter);
    }

    /** What was declared. */
    public Backend backend() {
        return backend;
    }

    /** Its state when the snapshot was made. */
    public BackendState state() {
        return state;
    }

    /** Why it is in that state, in a few words. */
    public String reason() {
        return reason;
    }

    /** What it has been given to do in this pool; live. */
    public LoadStats load() {
        return load;
    }

    /** The strategy's meter of this member; null where its balancer's strategy measures nothing. */
    public @Nullable Meter meter() {
        return meter;
    }

    /**
     * Its share of the traffic in proportion to the weights of the others. The declared weight, unless slow start,
     * priorities or zones divide traffic otherwise; then all weights of the snapshot are on a finer scale.
     */
    public int weight() {
        return weight;
    }

    /** Whether an operator keeps it out: by a drain, which goes on after its end, or by {@link AdminState#DOWN}. */
    public boolean isTakenOut() {
        return !standing.isWanted();
    }

    /** Whether slow start still keeps it below its full share. */
    public boolean isRamping() {
        return state == BackendState.UP && standing.rampStartNanos() != Standing.FULL;
    }

    /** Whether it has come back from ejection and must prove itself, by one pick at a time that has no good answer yet. */
    public boolean isOnTrial() {
        return trial != null;
    }

    /** Takes the one pick of a member on trial; false if somebody else has it, unanswered. A pick that is taken must be made. */
    public boolean takeTrial() {
        return trial == null || trial.take();
    }

    /** Lets somebody else try; whether the member is back is for the end of a pick to say. */
    void giveTrialBack() {
        if (trial != null) {
            trial.giveBack();
        }
    }

    /**
     * Takes the leave to use this member once. Balancers call it; a caller that chooses members by itself may, too. Costs
     * one atomic addition, and a reading of the clock where somebody listens or measures.
     */
    public Pick pick() {
        boolean isHeard = events.isHeard(); // before the atomic operation, which makes later reads wait
        load.begin();
        if (isHeard) {
            events.picked(events.pool(), backend);
        } else if (meter == null) {
            return new Pick(this, Pick.NO_TIME);
        }
        long now = events.now();
        return new Pick(this, meter != null && !began(meter, now) ? Pick.NO_TIME : now);
    }

    private boolean began(Meter meter, long now) {
        try {
            meter.began(now);
            return true;
        } catch (Throwable fault) {
            events.faults().caught("strategy", fault);
            return false; // so that it is not told of the end of what it does not know
        }
    }

    void answered(long began, long now, Outcome outcome) {
        if (meter == null) {
            return;
        }
        try {
            meter.answered(began, now, outcome);
        } catch (Throwable fault) {
            events.faults().caught("strategy", fault);
        }
    }

    void reported(LoadReport report) {
        if (meter == null) {
            return;
        }
        try {
            meter.reported(report, events.now());
        } catch (Throwable fault) {
            events.faults().caught("strategy", fault);
        }
    }

    Standing standing() {
        return standing;
    }

    @Nullable
    Trial trial() {
        return trial;
    }

    Events events() {
        return events;
    }

    /** The backend, its state and the reason, as in {@code vm1 DOWN (2 failed probes: connection refused)}. */
    @Override
    public String toString() {
        return backend + " " + state + " (" + (backend.weight() == 0 ? "weight 0, " : "") + reason + ")";
    }
}
