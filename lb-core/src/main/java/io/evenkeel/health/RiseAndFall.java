package io.evenkeel.health;

/** Counts answers in a row: one failed probe does not take a member out, and one good one need not bring it back. */
final class RiseAndFall {
    private enum State {
        UNKNOWN,
        UP,
        DOWN
    }

    private State state = State.UNKNOWN;
    private int against;

    /** Takes an answer in, and returns whether it changed the verdict. */
    boolean record(boolean isGood, ProbeSchedule schedule) {
        if (state == (isGood ? State.UP : State.DOWN)) {
            against = 0;
            return false;
        }
        against = state == State.UNKNOWN && isGood ? 0 : against + 1;
        // Nothing is known against a newcomer: its first good answer is enough, whatever came before.
        boolean isEnough = isGood
                ? state == State.UNKNOWN || against >= schedule.healthyThreshold()
                : against >= schedule.unhealthyThreshold();
        if (isEnough) {
            state = isGood ? State.UP : State.DOWN;
            against = 0;
        }
        return isEnough;
    }

    boolean isUp() {
        return state == State.UP;
    }
}
