package io.evenkeel.benchmarks.simulation;

import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.util.ArrayList;
import java.util.List;

/**
 * One request of a client: tried elsewhere where it is refused, and sent a second time where its client hedges. Then the
 * first good answer counts, and an error only if nobody else is still at it.
 */
final class Request implements Timeline.Event {
    private static final int TIMEOUT = 0;
    private static final int HEDGE = 1;

    private final Simulation simulation;
    private final Timeline timeline;
    private final Client client;
    private final double work;
    private final long began;
    private final List<Attempt> running = new ArrayList<>(1);
    private int attempts;
    private boolean isSettled;
    private PickContext context = PickContext.none();

    Request(Simulation simulation, Timeline timeline, Client client, double work) {
        this.simulation = simulation;
        this.timeline = timeline;
        this.client = client;
        this.work = work;
        this.began = timeline.now();
    }

    /** The same at each server: a hedge helps against slow servers, not against requests that are long. */
    double work() {
        return work;
    }

    void begin() {
        long timeout = simulation.scenario().timeoutNanos();
        if (timeout > 0) {
            timeline.in(timeout, this, TIMEOUT);
        }
        client.hedges().called();
        long delay = client.hedges().delayNanos();
        if (delay > 0) {
            timeline.in(delay, this, HEDGE);
        }
        attempt();
    }

    private void attempt() {
        attempts++;
        Pick pick;
        try {
            pick = client.balancer().pick(context);
        } catch (NoBackendException e) {
            settleUnlessAnotherRuns();
            return;
        }
        Attempt attempt = new Attempt(this, simulation.serverOf(pick), timeline, pick);
        running.add(attempt);
        attempt.begin();
    }

    @Override
    public void happen(int tag) {
        if (isSettled) {
            return;
        }
        if (tag == TIMEOUT) {
            settle(false);
            giveUp(Outcome.TIMEOUT);
        } else if (attempts == 1 && client.hedges().tryHedge()) {
            simulation.hedged();
            goElsewhere(running.get(0));
        }
    }

    private void goElsewhere(Attempt than) {
        context = context.excluding(than.pick().backend());
        attempt();
    }

    void answered(Attempt attempt, boolean isGood) {
        running.remove(attempt);
        if (isGood || running.isEmpty()) {
            settle(isGood);
            client.hedges().took(timeline.now() - attempt.began());
            // Those would have taken longer still.
            running.forEach(loser -> client.hedges().took(timeline.now() - loser.began()));
            giveUp(Outcome.CANCELLED);
        }
    }

    private void giveUp(Outcome outcome) {
        running.forEach(attempt -> attempt.giveUp(outcome, simulation.scenario().areServersTold()));
    }

    void lost(Attempt attempt) {
        running.remove(attempt);
        settleUnlessAnotherRuns();
    }

    void refused(Attempt attempt) {
        running.remove(attempt);
        if (attempts < simulation.scenario().attempts()) {
            goElsewhere(attempt);
        } else {
            settleUnlessAnotherRuns();
        }
    }

    private void settleUnlessAnotherRuns() {
        if (running.isEmpty()) {
            settle(false);
        }
    }

    private void settle(boolean isGood) {
        isSettled = true;
        simulation.settled(began, timeline.now() - began, isGood);
    }
}
