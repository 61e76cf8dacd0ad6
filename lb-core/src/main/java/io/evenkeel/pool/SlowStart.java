package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * How a member that comes into a running pool, or back into it, reaches its full share. Immutable.
 *
 * <p>After a time t its weight is its declared weight times {@code max(floor, (t / window)^(1 / aggression))}. The window
 * begins when <em>we</em> first see the member well. It is skipped while the pool itself is new, or has just had nobody
 * else: there is nobody who could carry the rest.
 *
 * @param window how long it takes; zero, the default, is no slow start
 * @param aggression 1, the default, is a straight line; more is faster at first
 * @param floorPercent the least share of its weight, 1 to 100; 10 by default
 * @see "Envoy, envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig, for the formula"
 */
public record SlowStart(Duration window, double aggression, int floorPercent) {
    /** Every twentieth of the window is a step: the tables of all strategies are built anew for each. */
    static final int STEPS = 20;

    /** Checks each component. */
    public SlowStart {
        checkArgument(!window.isNegative(), "window: %s (expected: >= 0)", window);
        checkArgument(aggression > 0 && aggression < 1e6, "aggression: %s (expected: > 0 and < 1000000)", aggression);
        checkArgument(floorPercent >= 1 && floorPercent <= 100, "floorPercent: %s (expected: 1 to 100)", floorPercent);
    }

    /** The full share at once. */
    public static SlowStart off() {
        return over(Duration.ZERO);
    }

    /** A straight line from 10 % over that time. */
    public static SlowStart over(Duration window) {
        return new SlowStart(window, 1, 10);
    }

    /** The same with another aggression. */
    public SlowStart withAggression(double aggression) {
        return new SlowStart(window, aggression, floorPercent);
    }

    /** The same with another floor. */
    public SlowStart withFloorPercent(int floorPercent) {
        return new SlowStart(window, aggression, floorPercent);
    }

    boolean isOff() {
        return window.isZero();
    }

    /** As many as a clock can count, where it is longer. */
    long windowNanos() {
        return NANOSECONDS.convert(window);
    }

    /** Of the declared weight, after so much time; whole percents, so that tables stay small. */
    int percentAfter(long elapsedNanos) {
        double progress = Math.min(1, (double) Math.max(0, elapsedNanos) / windowNanos());
        return (int) Math.max(floorPercent, Math.round(100 * Math.pow(progress, 1 / aggression)));
    }
}
