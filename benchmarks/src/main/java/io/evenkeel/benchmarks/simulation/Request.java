package io.evenkeel.benchmarks.simulation;

import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;

/** One request on its way; used again for another one when both client and server are done with it. */
final class Request implements Timeline.Event {
    private static final int TIMEOUT = 0;
    private static final int FAILURE = 1;
    private static final int REFUSAL = 2;
    private static final int KIND_BITS = 2;

    /** What a refusal or an error takes that costs no work. */
    static final long QUICK_NANOS = 1_000_000;

    /** The server's count of progress at which it ends; the server's. */
    double endsAfter;

    private final Simulation simulation;
    private final Timeline timeline;
    private int life;
    private double work;
    private long began;
    private long arrivedAt;
    private int loadAtArrival;
    private int attempts;
    private boolean isSettled;
    private Client client;
    private PickContext context = PickContext.none();
    private Pick pick;

    Request(Simulation simulation, Timeline timeline) {
        this.simulation = simulation;
        this.timeline = timeline;
    }

    double work() {
        return work;
    }

    void arrivedAt(long nanos, int load) {
        arrivedAt = nanos;
        loadAtArrival = load;
    }

    long arrivedAt() {
        return arrivedAt;
    }

    int loadAtArrival() {
        return loadAtArrival;
    }

    void begin(Client client, double work) {
        this.client = client;
        this.work = work;
        this.began = timeline.now();
        this.isSettled = false;
        this.attempts = 0;
        long timeout = simulation.scenario().timeoutNanos();
        if (timeout > 0) {
            timeline.in(timeout, this, tag(TIMEOUT));
        }
        this.context = PickContext.none();
        attempt();
    }

    private void attempt() {
        attempts++;
        try {
            pick = client.balancer().pick(context);
        } catch (NoBackendException e) {
            settle(false);
            recycle();
            return;
        }
        client.serverOf(pick).accept(this);
    }

    /** The server answers by an error, in a moment. */
    void failSoon() {
        timeline.in(QUICK_NANOS, this, tag(FAILURE));
    }

    /** The server refuses the connection, in a moment. */
    void refuseSoon() {
        timeline.in(QUICK_NANOS, this, tag(REFUSAL));
    }

    /** The server is done with it. */
    void answered(boolean isGood) {
        if (!isSettled) {
            Outcome outcome = isGood ? Outcome.SUCCESS : Outcome.FAILURE;
            pick.responded(outcome);
            pick.report(outcome);
            settle(isGood);
        }
        recycle();
    }

    /** The server went down while it worked on it. */
    void lost() {
        if (!isSettled) {
            pick.report(Outcome.FAILURE);
            settle(false);
        }
        recycle();
    }

    @Override
    public void happen(int tag) {
        if (tag >> KIND_BITS != life) {
            return;
        }
        switch (tag & (1 << KIND_BITS) - 1) {
            case TIMEOUT -> timedOut();
            case FAILURE -> answered(false);
            default -> refused();
        }
    }

    private void timedOut() {
        if (isSettled) {
            return;
        }
        pick.report(Outcome.TIMEOUT);
        settle(false);
    }

    private void refused() {
        if (isSettled) {
            recycle();
            return;
        }
        pick.report(Outcome.FAILURE);
        if (attempts < simulation.scenario().attempts()) {
            context = context.excluding(pick.backend());
            attempt();
        } else {
            settle(false);
            recycle();
        }
    }

    private void settle(boolean isGood) {
        isSettled = true;
        simulation.settled(began, timeline.now() - began, isGood);
    }

    private void recycle() {
        life = life + 1 & Integer.MAX_VALUE >> KIND_BITS;
        simulation.free(this);
    }

    private int tag(int kind) {
        return life << KIND_BITS | kind;
    }
}
