package io.evenkeel.health;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/**
 * Counts answers in a row: one failed probe does not take a member out, and one good one need not bring it back. A member
 * that falls again and again needs more and more good ones.
 */
final class RiseAndFall {
    private enum State {
        UNKNOWN,
        UP,
        DOWN
    }

    private State state = State.UNKNOWN;
    private int against;
    private int factor = 1;
    private boolean hasFallen;
    private long fellAtNanos;

    /** Takes an answer in, and returns whether it changed the verdict. */
    boolean record(boolean isGood, ProbeSchedule schedule, long nowNanos) {
        if (state == (isGood ? State.UP : State.DOWN)) {
            against = 0;
            return false;
        }
        against = state == State.UNKNOWN && isGood ? 0 : against + 1;
        // Nothing is known against a newcomer: its first good answer is enough, whatever came before.
        boolean isEnough = isGood
                ? state == State.UNKNOWN || against >= neededToRise(schedule)
                : against >= schedule.unhealthyThreshold();
        if (isEnough) {
            if (state == State.UP) {
                fall(schedule.flapDamping(), nowNanos);
            }
            state = isGood ? State.UP : State.DOWN;
            against = 0;
        }
        return isEnough;
    }

    private void fall(FlapDamping damping, long nowNanos) {
        boolean isAgain = hasFallen && nowNanos - fellAtNanos <= NANOSECONDS.convert(damping.window());
        factor = isAgain ? (int) Math.min(2L * factor, damping.maxFactor()) : 1;
        hasFallen = true;
        fellAtNanos = nowNanos;
    }

    /** How many good answers in a row bring a member back that is DOWN. */
    long neededToRise(ProbeSchedule schedule) {
        return (long) schedule.healthyThreshold() * factor;
    }

    boolean isUp() {
        return state == State.UP;
    }

    /** Whether there are answers that speak against the verdict, but not enough of them. */
    boolean isInDoubt() {
        return against > 0;
    }
}
