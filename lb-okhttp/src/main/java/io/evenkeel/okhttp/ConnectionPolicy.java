package io.evenkeel.okhttp;

import java.time.Duration;

/**
 * How long connections to backends are kept. Immutable; start from {@link #defaults}.
 *
 * @param maxAge a connection of that age gets no new calls; those it has go on, and then it is closed. So a backend that is
 *     known by name is looked up again, and long connections of HTTP/2 leave a machine behind a name that has been taken out.
 *     1 s to 1,000 days; 30 minutes by default
 * @param jitter by what part of it the age of each connection is shortened at most, at random, so that connections of one
 *     minute do not end in one minute; 0 and more, less than 1; 0.1 by default
 * @param keepAlive how long a connection is kept that no call uses. Azure's load balancer and many a firewall silently drop
 *     what was quiet for 4 minutes, and the next call on it would wait for its timeout. 1 s to 1,000 days; 3 minutes by
 *     default. Counts for clients that {@link LoadBalancingInterceptor#install} prepared
 * @param leakAge an answer whose body has been neither read to its end nor closed for so long was forgotten by its caller:
 *     it is logged, told to {@link io.evenkeel.event.LoadBalancerListener#leaked}, and no longer counted as load of its
 *     backend. Looked for when other calls are answered, so it may take half as long again. Web sockets and requests that
 *     accept {@code text/event-stream} are meant to last and are not looked at; if you have other streams, set more than
 *     the longest. 1 s to 1,000 days; 10 minutes by default
 */
public record ConnectionPolicy(Duration maxAge, double jitter, Duration keepAlive, Duration leakAge) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1_000);

    /** Checks each component. */
    public ConnectionPolicy {
        check("maxAge", maxAge);
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("jitter: " + jitter + " (expected: >= 0 and < 1)");
        }
        check("keepAlive", keepAlive);
        check("leakAge", leakAge);
    }

    private static void check(String name, Duration value) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 s to 1,000 days)");
        }
    }

    /** 30 minutes, a tenth, 3 minutes and 10 minutes. */
    public static ConnectionPolicy defaults() {
        return new ConnectionPolicy(Duration.ofMinutes(30), 0.1, Duration.ofMinutes(3), Duration.ofMinutes(10));
    }

    /** The same with another age. */
    public ConnectionPolicy withMaxAge(Duration maxAge) {
        return new ConnectionPolicy(maxAge, jitter, keepAlive, leakAge);
    }

    /** The same with another jitter. */
    public ConnectionPolicy withJitter(double jitter) {
        return new ConnectionPolicy(maxAge, jitter, keepAlive, leakAge);
    }

    /** The same with another time without a call. */
    public ConnectionPolicy withKeepAlive(Duration keepAlive) {
        return new ConnectionPolicy(maxAge, jitter, keepAlive, leakAge);
    }

    /** The same with another time until an answer counts as forgotten. */
    public ConnectionPolicy withLeakAge(Duration leakAge) {
        return new ConnectionPolicy(maxAge, jitter, keepAlive, leakAge);
    }
}
