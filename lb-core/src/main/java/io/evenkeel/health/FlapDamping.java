package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * Makes it harder to come back for a member that comes and goes: each time it goes DOWN again within the window, it needs
 * twice as many good probes in a row as the last time. Immutable.
 *
 * <p>The first failure, and one after a calm as long as the window, needs no more than
 * {@link ProbeSchedule#healthyThreshold}.
 *
 * @param window how long a fall is remembered; 10 minutes by default
 * @param maxFactor how many times the healthy threshold may be needed, at most; 16 by default, 1 is off
 */
public record FlapDamping(Duration window, int maxFactor) {
    /** A member that comes back is welcome, however often it went. */
    public static final FlapDamping OFF = new FlapDamping(Duration.ofMinutes(10), 1);

    /** Checks each component on its own. */
    public FlapDamping {
        checkArgument(NANOSECONDS.convert(window) > 0, "window: %s (expected: > 0)", window);
        checkArgument(maxFactor > 0, "maxFactor: %s (expected: >= 1)", maxFactor);
    }

    /** Remembers for 10 minutes, and asks for up to 16 times as many good probes. */
    public static FlapDamping defaults() {
        return new FlapDamping(Duration.ofMinutes(10), 16);
    }
}
