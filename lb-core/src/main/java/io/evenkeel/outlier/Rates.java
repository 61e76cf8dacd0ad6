package io.evenkeel.outlier;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * What is judged by comparing members, once an interval. Immutable. Cancelled picks do not count.
 *
 * @param interval how often; 10 s by default
 * @param minimumVolume ends within the interval without which a member is not judged; 100 by default
 * @param minimumMembers members of that volume without which nobody is judged; 5 by default
 * @param failurePercent a member that fails so often or more is out, 1 to 100; 0 is off; 85 by default
 * @param deviations a member is out whose success rate lies so many standard deviations below the mean; 0 is off; 1.9 by
 *     default
 * @param minimumGap ... and at least so far, as a part of 1: of five members the worst is always two deviations off, if
 *     only by a hair; 0.05 by default
 */
public record Rates(
        Duration interval,
        int minimumVolume,
        int minimumMembers,
        int failurePercent,
        double deviations,
        double minimumGap) {

    /** Checks each component. */
    public Rates {
        checkArgument(NANOSECONDS.convert(interval) > 0, "interval: %s (expected: > 0)", interval);
        checkArgument(minimumVolume > 0, "minimumVolume: %s (expected: >= 1)", minimumVolume);
        checkArgument(minimumMembers > 0, "minimumMembers: %s (expected: >= 1)", minimumMembers);
        checkArgument(
                failurePercent >= 0 && failurePercent <= 100,
                "failurePercent: %s (expected: 0 to 100)",
                failurePercent);
        checkArgument(deviations >= 0 && deviations < 1e6, "deviations: %s (expected: >= 0 and < 1000000)", deviations);
        checkArgument(minimumGap >= 0 && minimumGap <= 1, "minimumGap: %s (expected: 0 to 1)", minimumGap);
    }

    /** Every 10 s, 5 members of 100 ends each, 85 % failures, 1.9 deviations and 5 points. */
    public static Rates defaults() {
        return new Rates(Duration.ofSeconds(10), 100, 5, 85, 1.9, 0.05);
    }

    /** Nobody is judged by rates. */
    public static Rates off() {
        return defaults().withFailurePercent(0).withDeviations(0);
    }

    /** The same at another interval. */
    public Rates withInterval(Duration interval) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }

    /** The same for another volume. */
    public Rates withMinimumVolume(int minimumVolume) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }

    /** The same for another number of members. */
    public Rates withMinimumMembers(int minimumMembers) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }

    /** The same with another share of failures. */
    public Rates withFailurePercent(int failurePercent) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }

    /** The same with another distance from the mean. */
    public Rates withDeviations(double deviations) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }

    /** The same with another least distance from the mean. */
    public Rates withMinimumGap(double minimumGap) {
        return new Rates(interval, minimumVolume, minimumMembers, failurePercent, deviations, minimumGap);
    }
}
