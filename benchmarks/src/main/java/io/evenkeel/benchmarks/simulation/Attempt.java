package io.evenkeel.benchmarks.simulation;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;

/** A request at one server. Its pick ends once: with what the server says, or when its client waits no longer. */
final class Attempt implements Timeline.Event {
    private static final int FAILURE = 0;
    private static final int REFUSAL = 1;

    /** What a refusal or an error takes that costs no work. */
    static final long QUICK_NANOS = 1_000_000;

    /** The server's count of progress at which it ends; the server's. */
    double endsAfter;

    private final Request request;
    private final Server server;
    private final Timeline timeline;
    private final Pick pick;
    private final long began;
    private int loadAtArrival;
    private boolean isOver;

    Attempt(Request request, Server server, Timeline timeline, Pick pick) {
        this.request = request;
        this.server = server;
        this.timeline = timeline;
        this.pick = pick;
        this.began = timeline.now();
    }

    double work() {
        return request.work();
    }

    Pick pick() {
        return pick;
    }

    /** When its client sent it, which is when it arrived. */
    long began() {
        return began;
    }

    void arrivedAt(int load) {
        loadAtArrival = load;
    }

    int loadAtArrival() {
        return loadAtArrival;
    }

    /** The server answers by an error, in a moment. */
    void failSoon() {
        timeline.in(QUICK_NANOS, this, FAILURE);
    }

    /** The server refuses the connection, in a moment. */
    void refuseSoon() {
        timeline.in(QUICK_NANOS, this, REFUSAL);
    }

    @Override
    public void happen(int tag) {
        if (tag == FAILURE) {
            answered(false);
        } else {
            refused();
        }
    }

    /** The server is done with it. */
    void answered(boolean isGood) {
        if (isOver) {
            return;
        }
        Outcome outcome = isGood ? Outcome.SUCCESS : Outcome.FAILURE;
        pick.responded(outcome);
        end(outcome);
        request.answered(this, isGood);
    }

    /** The server went down while it worked on it. */
    void lost() {
        if (!isOver) {
            end(Outcome.FAILURE);
            request.lost(this);
        }
    }

    private void refused() {
        if (!isOver) {
            end(Outcome.FAILURE);
            request.refused(this);
        }
    }

    void begin() {
        server.accept(this);
    }

    /** The client waits no longer. */
    void giveUp(Outcome outcome, boolean isServerTold) {
        end(outcome);
        if (isServerTold) {
            server.drop(this);
        }
    }

    private void end(Outcome outcome) {
        isOver = true;
        pick.report(outcome);
    }
}
