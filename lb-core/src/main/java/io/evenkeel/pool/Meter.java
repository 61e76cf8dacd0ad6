package io.evenkeel.pool;

import io.evenkeel.backend.Outcome;
import io.evenkeel.orca.LoadReport;

/**
 * Follows the picks that one balancer makes of one member, for a strategy that measures. It lives as long as the member
 * stays in its pool.
 *
 * <p>Called on the threads that pick and report, at the same time by many: no lock, no allocation, no logging. What it
 * throws is contained. All times are readings of the pool's clock, in nanoseconds.
 */
public interface Meter {

    /** A pick has begun. */
    void began(long now);

    /**
     * The wait of a pick is over: exactly once for each that began.
     *
     * @param began what {@link #began} was told
     * @param outcome {@link Outcome#SUCCESS} or {@link Outcome#FAILURE} by what the answer says so far; without an answer,
     *     how the pick ended
     */
    void answered(long began, long now, Outcome outcome);

    /** The backend has told its own load; also after the pick has ended, since the news is none the worse for that. */
    default void reported(LoadReport report, long now) {}
}
