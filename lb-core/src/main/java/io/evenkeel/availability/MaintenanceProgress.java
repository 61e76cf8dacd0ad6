package io.evenkeel.availability;

import io.evenkeel.backend.Backend;
import java.util.List;

/**
 * How far a {@link RollingMaintenance} has come, at one moment. Immutable.
 *
 * @param state of the whole
 * @param reason why it stops or has stopped; empty while it runs and when it is done
 * @param steps one for each member that was in the pool at the start, in the order of their turns
 */
public record MaintenanceProgress(State state, String reason, List<Step> steps) {
    /** Copies the steps. */
    public MaintenanceProgress {
        steps = List.copyOf(steps);
    }

    /** What the maintenance as a whole is doing. */
    public enum State {
        /** It goes on. */
        RUNNING,
        /** Nobody else has a turn; members whose turn has come to the action are seen through. */
        STOPPING,
        /** Every member has had its turn or was passed over. */
        DONE,
        /** It was aborted, and can be resumed. */
        ABORTED,
        /** Something went wrong, which the reason says; it can be resumed. */
        FAILED
    }

    /** What is being done to one member. */
    public enum Phase {
        /** Its turn has not come. */
        WAITING,
        /** It gets no new picks, and those it has are waited for. */
        DRAINING,
        /** The action is at work. */
        WORKING,
        /** The action has ended; it is waited for until it is well and has its full share. */
        RETURNING,
        /** It is well again. */
        DONE,
        /** It was passed over: it has left, or an operator has a hand on it. */
        SKIPPED,
        /** The action failed, and it is still drained; or it did not become well in time. */
        FAILED
    }

    /**
     * One member.
     *
     * @param backend as it was at the start
     * @param phase what is being done to it
     * @param reason what there is to say about it; mostly empty
     */
    public record Step(Backend backend, Phase phase, String reason) {
        boolean isOver() {
            return phase == Phase.DONE || phase == Phase.SKIPPED;
        }
    }

    /** How many members are done or were passed over. */
    public int over() {
        return (int) steps.stream().filter(Step::isOver).count();
    }

    /** As in {@code RUNNING 2/6: vm3 DRAINING, vm6 WORKING}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(state)
                .append(' ')
                .append(over())
                .append('/')
                .append(steps.size());
        String separator = ": ";
        for (Step step : steps) {
            if (!step.isOver() && step.phase() != Phase.WAITING) {
                text.append(separator).append(step.backend()).append(' ').append(step.phase());
                separator = ", ";
            }
        }
        return reason.isEmpty() ? text.toString() : text + " (" + reason + ")";
    }
}
