package io.evenkeel.discovery;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When a source is asked again. */
record Pace(DiscoveryPolicy policy, Duration leastPause) {
    /** A source that says zero must not keep a thread busy. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A day at the most: no clock runs over. */
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(1);

    /** After a good answer; {@code chance} is from 0 to 1. */
    long afterAnswer(Duration askAgainIn, double chance) {
        return varied(
                askAgainIn.compareTo(Duration.ofDays(1)) > 0 ? MOST_NANOS : NANOSECONDS.convert(askAgainIn), chance);
    }

    /** After so many failures in a row, from 1 on. */
    long afterFailure(int failures, double chance) {
        long first = MILLISECONDS.convert(policy.retry());
        long longest = Math.max(first, MILLISECONDS.convert(policy.refresh()));
        IntervalFunction growing = IntervalFunction.ofExponentialBackoff(first, 2, longest);
        return varied(TimeUnit.MILLISECONDS.toNanos(growing.apply(failures)), chance);
    }

    /** Shorter or longer by chance, so that a thousand clients that were started together do not go on asking together. */
    private long varied(long nanos, double chance) {
        long varied = (long) (nanos * (1 + policy.jitter() * (2 * chance - 1)));
        return Math.max(Math.max(LEAST_NANOS, NANOSECONDS.convert(leastPause)), Math.min(MOST_NANOS, varied));
    }
}
