package io.evenkeel.pool;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;

/**
 * One backend in one pool at one moment: what was declared, its state, and its load. Immutable but for the load, which
 * lives on from snapshot to snapshot.
 */
public final class Member {
    private final Backend backend;
    private final BackendState state;
    private final String reason;
    private final LoadStats load;
    private final Events events;

    private Member(Backend backend, BackendState state, String reason, LoadStats load, Events events) {
        this.backend = backend;
        this.state = state;
        this.reason = reason;
        this.load = load;
        this.events = events;
    }

    /** A newcomer without load. */
    static Member of(Backend backend, BackendState state, String reason, Events events) {
        return new Member(backend, state, reason, new LoadStats(), events);
    }

    Member with(Backend backend) {
        return new Member(backend, state, reason, load, events);
    }

    Member with(BackendState state, String reason) {
        return new Member(backend, state, reason, load, events);
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

    /** Its share of the traffic in proportion to the weights of the others. */
    public int weight() {
        return backend.weight();
    }

    /** Whether its state and weight allow new picks. */
    public boolean isSelectable() {
        return state == BackendState.UP && backend.weight() > 0;
    }

    /**
     * Takes the leave to use this member once. Balancers call it; a caller that chooses members by itself may, too. Costs
     * one atomic addition, and a reading of the clock where somebody listens.
     */
    public Pick pick() {
        load.begin();
        if (!events.isHeard()) {
            return new Pick(this, 0);
        }
        events.picked(events.pool(), backend);
        return new Pick(this, events.now());
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
