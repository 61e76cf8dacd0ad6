package io.evenkeel.pool;

import org.jspecify.annotations.Nullable;

/**
 * A time without picks, and what comes after it: one pick on trial, whose outcome decides. Immutable but for the trial.
 *
 * @param untilNanos when the time is over
 * @param reason what was seen
 * @param trial null during the time; the trial after it
 */
record Ejection(long untilNanos, String reason, @Nullable Trial trial) {
    Ejection onTrial() {
        return new Ejection(untilNanos, reason, new Trial());
    }
}
