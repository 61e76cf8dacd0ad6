package io.evenkeel.outlier;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * How long a member is out: longer each time in a row, up to a limit. A time in a row is forgotten for each interval in
 * which the member was not out. Immutable.
 *
 * @param first the first time, and by how much each further one is longer; 30 s by default
 * @param longest the limit; 300 s by default. A longer first time is kept
 * @param jitter how much each time varies at random, as a part of it: 0.1, the default, is ±10 %; so that members that
 *     were out together do not come back together
 */
public record EjectionTime(Duration first, Duration longest, double jitter) {

    /** Checks each component. */
    public EjectionTime {
        checkArgument(NANOSECONDS.convert(first) > 0, "first: %s (expected: > 0)", first);
        checkArgument(NANOSECONDS.convert(longest) > 0, "longest: %s (expected: > 0)", longest);
        checkArgument(jitter >= 0 && jitter < 1, "jitter: %s (expected: >= 0 and < 1)", jitter);
    }

    /** 30 s, 60 s, 90 s… up to 300 s, ±10 %. */
    public static EjectionTime defaults() {
        return new EjectionTime(Duration.ofSeconds(30), Duration.ofSeconds(300), 0.1);
    }

    /** The same with another first time. */
    public EjectionTime withFirst(Duration first) {
        return new EjectionTime(first, longest, jitter);
    }

    /** The same with another limit. */
    public EjectionTime withLongest(Duration longest) {
        return new EjectionTime(first, longest, jitter);
    }

    /** The same with another jitter. */
    public EjectionTime withJitter(double jitter) {
        return new EjectionTime(first, longest, jitter);
    }

    /** For the nth time in a row, from 1 on; {@code chance} is from 0 to 1. */
    Duration of(int times, double chance) {
        double step = (double) NANOSECONDS.convert(first);
        double limit = Math.max(step, (double) NANOSECONDS.convert(longest));
        double nanos = Math.min(step * times, limit);
        return Duration.ofNanos(Math.max(1, (long) (nanos * (1 + jitter * (2 * chance - 1)))));
    }
}
