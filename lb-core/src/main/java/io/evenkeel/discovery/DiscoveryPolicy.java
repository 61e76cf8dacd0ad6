package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * When sources are asked, and what of their answers reaches the pool. Immutable; start from {@link #defaults}.
 *
 * @param refresh time between a good answer and the next question, where the source does not say; 30 s by default
 * @param retry time between a failure and the next question; twice as long after each further one, up to {@code refresh};
 *     5 s by default. Where it is longer than {@code refresh}, it does not grow
 * @param jitter how much these times vary at random, as a part of them: 0.1, the default, is ±10 %
 * @param timeout how long an answer may take; 10 s by default
 * @param holdTime how long after the first failure in a row a source counts as stale; 30 s by default, as with HAProxy
 * @param whenStale what happens to its members then; they stay by default
 * @param maxMembers how many backends of one source may be members; those that are known already come first; 4,096 by
 *     default
 * @param maxRemovedRatio how many of the discovered members may be taken away in any minute, as a part of them; a third by
 *     default, and 1 is no limit. What is over stays for now, those first that are well. One member is always allowed: an
 *     answer that takes away just one is never held up
 * @param addresses which addresses a backend may have
 * @param filter which backends may be members; all by default. Called on the thread of the scheduler, must not block
 */
public record DiscoveryPolicy(
        Duration refresh,
        Duration retry,
        double jitter,
        Duration timeout,
        Duration holdTime,
        WhenStale whenStale,
        int maxMembers,
        double maxRemovedRatio,
        AddressPolicy addresses,
        Predicate<Backend> filter) {

    /** Checks each component on its own. */
    public DiscoveryPolicy {
        checkArgument(MILLISECONDS.convert(refresh) > 0, "refresh: %s (expected: >= 1 ms)", refresh);
        checkArgument(MILLISECONDS.convert(retry) > 0, "retry: %s (expected: >= 1 ms)", retry);
        checkArgument(jitter >= 0 && jitter < 1, "jitter: %s (expected: >= 0 and < 1)", jitter);
        checkArgument(NANOSECONDS.convert(timeout) > 0, "timeout: %s (expected: > 0)", timeout);
        checkArgument(NANOSECONDS.convert(holdTime) >= 0, "holdTime: %s (expected: >= 0)", holdTime);
        checkArgument(maxMembers > 0, "maxMembers: %s (expected: >= 1)", maxMembers);
        checkArgument(
                maxRemovedRatio > 0 && maxRemovedRatio <= 1,
                "maxRemovedRatio: %s (expected: > 0 and <= 1)",
                maxRemovedRatio);
        requireNonNull(whenStale, "whenStale");
        requireNonNull(addresses, "addresses");
        requireNonNull(filter, "filter");
    }

    /** Every 30 s ± 10 %, at most 4,096 members, at most a third of them away in a minute, all that are known stay. */
    public static DiscoveryPolicy defaults() {
        return new DiscoveryPolicy(
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                0.1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                WhenStale.KEEP_ALL,
                4_096,
                1 / 3.0,
                AddressPolicy.defaults(),
                backend -> true);
    }

    /** The same with another time between questions. */
    public DiscoveryPolicy withRefresh(Duration refresh) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another time after a failure. */
    public DiscoveryPolicy withRetry(Duration retry) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another jitter. */
    public DiscoveryPolicy withJitter(double jitter) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another timeout. */
    public DiscoveryPolicy withTimeout(Duration timeout) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another hold time. */
    public DiscoveryPolicy withHoldTime(Duration holdTime) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another rule for stale members. */
    public DiscoveryPolicy withWhenStale(WhenStale whenStale) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another limit of members. */
    public DiscoveryPolicy withMaxMembers(int maxMembers) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another limit of removals. */
    public DiscoveryPolicy withMaxRemovedRatio(double maxRemovedRatio) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with other addresses. */
    public DiscoveryPolicy withAddresses(AddressPolicy addresses) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }

    /** The same with another filter. */
    public DiscoveryPolicy withFilter(Predicate<Backend> filter) {
        return new DiscoveryPolicy(
                refresh, retry, jitter, timeout, holdTime, whenStale, maxMembers, maxRemovedRatio, addresses, filter);
    }
}
