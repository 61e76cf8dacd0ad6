package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;

/**
 * When members are probed, and how many answers make a verdict. Immutable. The defaults are those of Azure Load Balancer.
 *
 * @param interval time between two probes of one member; 15 s by default
 * @param timeout how long a probe may take; 5 s by default. It is cut to the shortest interval where it is longer
 * @param jitter how much each interval varies at random, as a part of it: 0.1, the default, is ±10 %
 * @param unhealthyThreshold failed probes in a row that take a member out; 2 by default
 * @param healthyThreshold good probes in a row that bring a member back; 1 by default. A member that never passed a probe
 *     comes in with the first good one
 */
public record ProbeSchedule(
        Duration interval, Duration timeout, double jitter, int unhealthyThreshold, int healthyThreshold) {

    /** Checks each component on its own. */
    public ProbeSchedule {
        checkArgument(interval.toNanos() > 0, "interval: %s (expected: > 0)", interval);
        checkArgument(timeout.toNanos() > 0, "timeout: %s (expected: > 0)", timeout);
        checkArgument(jitter >= 0 && jitter < 1, "jitter: %s (expected: >= 0 and < 1)", jitter);
        checkArgument(unhealthyThreshold > 0, "unhealthyThreshold: %s (expected: >= 1)", unhealthyThreshold);
        checkArgument(healthyThreshold > 0, "healthyThreshold: %s (expected: >= 1)", healthyThreshold);
    }

    /** Every 15 s ± 10 %, at most 5 s each, out after 2 failures, back after 1 good probe. */
    public static ProbeSchedule defaults() {
        return new ProbeSchedule(Duration.ofSeconds(15), Duration.ofSeconds(5), 0.1, 2, 1);
    }

    /** The same with another interval. */
    public ProbeSchedule withInterval(Duration interval) {
        return new ProbeSchedule(interval, timeout, jitter, unhealthyThreshold, healthyThreshold);
    }

    /** The same with another timeout. */
    public ProbeSchedule withTimeout(Duration timeout) {
        return new ProbeSchedule(interval, timeout, jitter, unhealthyThreshold, healthyThreshold);
    }

    /** The same with another jitter. */
    public ProbeSchedule withJitter(double jitter) {
        return new ProbeSchedule(interval, timeout, jitter, unhealthyThreshold, healthyThreshold);
    }

    /** The same with another number of failures. */
    public ProbeSchedule withUnhealthyThreshold(int unhealthyThreshold) {
        return new ProbeSchedule(interval, timeout, jitter, unhealthyThreshold, healthyThreshold);
    }

    /** The same with another number of successes. */
    public ProbeSchedule withHealthyThreshold(int healthyThreshold) {
        return new ProbeSchedule(interval, timeout, jitter, unhealthyThreshold, healthyThreshold);
    }

    /** So that one probe of a member is always over before the next begins. */
    long timeoutNanos() {
        return Math.min(timeout.toNanos(), (long) (interval.toNanos() * (1 - jitter)));
    }

    /** An interval, longer or shorter by chance: {@code chance} is from 0 to 1. */
    long intervalNanos(double chance) {
        return (long) (interval.toNanos() * (1 + jitter * (2 * chance - 1)));
    }
}
