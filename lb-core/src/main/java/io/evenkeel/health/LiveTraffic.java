package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * What the picks of a member change about its probes. Concerns only a member that is UP and whose last probe was good:
 * whoever is in doubt is asked, and a health page that says no takes a member out even while its traffic goes well.
 * Immutable.
 *
 * @param intervalWhenIdle time between two probes of a member that got no picks since the last one, in whole steps of
 *     the interval; zero, the default, makes no difference. The first pick brings back the shorter interval
 * @param sparingSuccesses picks since the last probe that must have ended in success, and none in failure or timeout, to
 *     take the place of a probe; 0, the default, is off
 * @param maxSpared how many probes in a row may be spared, so that a real one is sent every {@code maxSpared + 1}
 *     intervals; 3 by default
 */
public record LiveTraffic(Duration intervalWhenIdle, int sparingSuccesses, int maxSpared) {
    /** Traffic makes no difference. */
    public static final LiveTraffic IGNORED = new LiveTraffic(Duration.ZERO, 0, 3);

    /** Checks each component on its own. */
    public LiveTraffic {
        checkArgument(
                NANOSECONDS.convert(intervalWhenIdle) >= 0, "intervalWhenIdle: %s (expected: >= 0)", intervalWhenIdle);
        checkArgument(sparingSuccesses >= 0, "sparingSuccesses: %s (expected: >= 0)", sparingSuccesses);
        checkArgument(maxSpared > 0, "maxSpared: %s (expected: >= 1)", maxSpared);
    }

    /** The same with another interval for members without traffic. */
    public LiveTraffic withIntervalWhenIdle(Duration intervalWhenIdle) {
        return new LiveTraffic(intervalWhenIdle, sparingSuccesses, maxSpared);
    }

    /** The same with another number of successes that take the place of a probe. */
    public LiveTraffic withSparingSuccesses(int sparingSuccesses) {
        return new LiveTraffic(intervalWhenIdle, sparingSuccesses, maxSpared);
    }

    /** The same with another number of probes that may be spared in a row. */
    public LiveTraffic withMaxSpared(int maxSpared) {
        return new LiveTraffic(intervalWhenIdle, sparingSuccesses, maxSpared);
    }
}
