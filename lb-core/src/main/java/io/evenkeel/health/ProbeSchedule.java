package io.evenkeel.health;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/**
 * When members are probed, and how many answers make a verdict. Start from {@link #defaults}, which are those of Azure
 * Load Balancer where it has the setting. Immutable.
 *
 * @param interval time between two probes of one member; 15 s by default
 * @param intervalWhenFailing the same from the first failed probe of a member that is UP to the verdict, where that is
 *     less; zero, the default, makes no difference. A probe that takes longer is followed at once by the next
 * @param timeout how long a probe may take; 5 s by default. It is cut to the shortest {@code interval} where it is longer
 * @param jitter how much each interval varies at random, as a part of it: 0.1, the default, is ±10 %
 * @param unhealthyThreshold failed probes in a row that take a member out; 2 by default
 * @param healthyThreshold good probes in a row that bring a member back; 1 by default. A member that never passed a probe
 *     comes in with the first good one
 * @param flapDamping how a member that comes and goes is held back; {@link FlapDamping#defaults} by default
 * @param liveTraffic what picks change about probes; {@link LiveTraffic#IGNORED} by default
 * @param maxConcurrent probes of one monitor under way at a time. 0, the default, follows the pool: as many as keep the
 *     interval if all members hang, which is {@code members * timeout / interval}, but 100 at the least, and 1,000 at the
 *     most, since each takes a descriptor; 100 for probes that may block, since each takes a thread. What is over waits
 *     its turn, which does not count against the timeout
 */
public record ProbeSchedule(
        Duration interval,
        Duration intervalWhenFailing,
        Duration timeout,
        double jitter,
        int unhealthyThreshold,
        int healthyThreshold,
        FlapDamping flapDamping,
        LiveTraffic liveTraffic,
        int maxConcurrent) {
    private static final int LEAST_PLACES = 100;

    /** A quarter of the descriptors that a process may have where nobody has asked for more, which is 4,096. */
    private static final int MOST_PLACES = 1_000;

    /** Checks each component on its own. */
    public ProbeSchedule {
        checkArgument(NANOSECONDS.convert(interval) > 0, "interval: %s (expected: > 0)", interval);
        checkArgument(
                NANOSECONDS.convert(intervalWhenFailing) >= 0,
                "intervalWhenFailing: %s (expected: >= 0)",
                intervalWhenFailing);
        checkArgument(NANOSECONDS.convert(timeout) > 0, "timeout: %s (expected: > 0)", timeout);
        checkArgument(jitter >= 0 && jitter < 1, "jitter: %s (expected: >= 0 and < 1)", jitter);
        checkArgument(unhealthyThreshold > 0, "unhealthyThreshold: %s (expected: >= 1)", unhealthyThreshold);
        checkArgument(healthyThreshold > 0, "healthyThreshold: %s (expected: >= 1)", healthyThreshold);
        requireNonNull(flapDamping, "flapDamping");
        requireNonNull(liveTraffic, "liveTraffic");
        checkArgument(maxConcurrent >= 0, "maxConcurrent: %s (expected: >= 0)", maxConcurrent);
    }

    /** Every 15 s ± 10 %, at most 5 s each, out after 2 failures, back after 1 good probe. */
    public static ProbeSchedule defaults() {
        return new ProbeSchedule(
                Duration.ofSeconds(15),
                Duration.ZERO,
                Duration.ofSeconds(5),
                0.1,
                2,
                1,
                FlapDamping.defaults(),
                LiveTraffic.IGNORED,
                0);
    }

    /** The same with another interval. */
    public ProbeSchedule withInterval(Duration interval) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another interval between first failure and verdict. */
    public ProbeSchedule withIntervalWhenFailing(Duration intervalWhenFailing) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another timeout. */
    public ProbeSchedule withTimeout(Duration timeout) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another jitter. */
    public ProbeSchedule withJitter(double jitter) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another number of failures. */
    public ProbeSchedule withUnhealthyThreshold(int unhealthyThreshold) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another number of successes. */
    public ProbeSchedule withHealthyThreshold(int healthyThreshold) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another damping. */
    public ProbeSchedule withFlapDamping(FlapDamping flapDamping) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another regard for traffic. */
    public ProbeSchedule withLiveTraffic(LiveTraffic liveTraffic) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** The same with another number of probes at a time. */
    public ProbeSchedule withMaxConcurrent(int maxConcurrent) {
        return new ProbeSchedule(
                interval,
                intervalWhenFailing,
                timeout,
                jitter,
                unhealthyThreshold,
                healthyThreshold,
                flapDamping,
                liveTraffic,
                maxConcurrent);
    }

    /** How many probes of so many members may be under way at a time. */
    int places(int members, boolean mayBlock) {
        if (maxConcurrent > 0) {
            return maxConcurrent;
        }
        long needed = (long) Math.ceil(members * (double) timeoutNanos() / varied(NANOSECONDS.convert(interval), 0));
        return mayBlock ? LEAST_PLACES : (int) Math.max(LEAST_PLACES, Math.min(MOST_PLACES, needed));
    }

    /** So that one probe of a member is over before the next is due. */
    long timeoutNanos() {
        return Math.min(NANOSECONDS.convert(timeout), varied(NANOSECONDS.convert(interval), 0));
    }

    /** An interval, longer or shorter by chance: {@code chance} is from 0 to 1. */
    long intervalNanos(double chance) {
        return varied(NANOSECONDS.convert(interval), chance);
    }

    /** Likewise while failures add up. */
    long intervalWhenFailingNanos(double chance) {
        return varied(
                intervalWhenFailing.isZero() ? NANOSECONDS.convert(interval) : NANOSECONDS.convert(intervalWhenFailing),
                chance);
    }

    private long varied(long nanos, double chance) {
        return (long) (nanos * (1 + jitter * (2 * chance - 1)));
    }
}
