package io.evenkeel.okhttp;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a call that failed goes on to another backend, and when it stops. Start from {@link #defaults}. Immutable.
 *
 * <p>What was tried is never tried again by the same call. A call goes on only where that is safe: nothing of it was sent;
 * the backend said that it has not looked at it (HTTP/2, {@code REFUSED_STREAM}); or its method is idempotent (RFC 9110,
 * section 9.2.2). In the last two cases its body must be one that can be written twice. Once an answer was handed on,
 * nothing is repeated; {@code wholeAnswers} says when that is.
 *
 * @param attempts how many backends a call tries, the first included; 3 by default, since one that is down and one that
 *     goes down meanwhile leave a third; 1 for no failover
 * @param statuses with which of them an answer is thrown away and another backend asked, if the method is idempotent; none
 *     by default. With 503 among them, a backend that adds {@code Retry-After} is taken out of the pool for as long, for a
 *     minute at the most, if half of the members stay
 * @param backOff how long to wait before the second attempt; twice as long before each further one, up to ten times, and
 *     each time up to half more or less by chance; 25 ms by default, zero for none. Nobody waits after an attempt of which
 *     no byte was sent
 * @param stallTimeout how long a backend may stall an attempt: until it is connected, and then between two bytes, those of
 *     the body included. Holds where the client's own limits are longer; zero, the default, leaves those. The client's call
 *     timeout spans all attempts and waits; for a limit to a whole attempt see {@link CallPolicy}
 * @param budgetShare how many retries each call to a route brings, from 0 to 1; 0.2 by default
 * @param budgetFloor how many retries each second brings besides; 10 by default. What is not used is saved, 100 at the
 *     most. One budget serves all clients of a route; what OkHttp repeats by itself is taken from it. Attempts that could
 *     not connect are free, since they burden nobody
 * @param strict whether OkHttp, too, sends a request at the most once if its method is not idempotent; false by default.
 *     By itself it sends such a request again when a connection that was kept breaks, or after a 408 or a 503 with {@code
 *     Retry-After: 0}. The price: such calls fail where a kept connection has gone stale. Redirects and authentication go on
 * @param wholeAnswers answers of up to so many bytes, unzipped, are read to their end before they are handed on, if the call
 *     may be repeated: one that breaks off or stalls is then a failed attempt as any other. 0, the default, hands each on
 *     once its headers are here, and a break after that is its caller's. Takes as much memory for each such call. A longer
 *     answer is handed on at once, or, where its length is not known, when so many bytes are here; so keep to 0 for streams
 *     that trickle. {@code text/event-stream} and web sockets are never held back. Not for what the cache answers
 */
public record FailoverPolicy(
        int attempts,
        Set<Integer> statuses,
        Duration backOff,
        Duration stallTimeout,
        double budgetShare,
        int budgetFloor,
        boolean strict,
        int wholeAnswers) {
    private static final int LONGEST_BACK_OFF = 10;
    private static final int MOST_PER_SECOND = 1_000_000;
    private static final int MOST_WHOLE = 1 << 30;

    /** Checks each component, and copies the statuses. */
    public FailoverPolicy {
        statuses = Set.copyOf(statuses);
        checkArgument(attempts >= 1, "attempts: %s (expected: >= 1)", attempts);
        for (int status : statuses) {
            checkArgument(status >= 400 && status <= 599, "statuses: %s (expected: 400 to 599)", status);
        }
        checkArgument(
                backOff.isZero() || backOff.compareTo(Duration.ofMillis(1)) >= 0,
                "backOff: %s (expected: zero, or >= 1 ms)",
                backOff);
        checkArgument(
                stallTimeout.isZero() || stallTimeout.compareTo(Duration.ofMillis(1)) >= 0,
                "stallTimeout: %s (expected: zero, or >= 1 ms)",
                stallTimeout);
        checkArgument(budgetShare >= 0 && budgetShare <= 1, "budgetShare: %s (expected: 0 to 1)", budgetShare);
        checkArgument(
                budgetFloor >= 0 && budgetFloor <= MOST_PER_SECOND,
                "budgetFloor: %s (expected: 0 to 1000000)",
                budgetFloor);
        checkArgument(
                wholeAnswers >= 0 && wholeAnswers <= MOST_WHOLE,
                "wholeAnswers: %s (expected: 0 to %s)",
                wholeAnswers,
                MOST_WHOLE);
    }

    /** Up to 3 backends, where it is safe; no status; at most a fifth more requests than calls, and 10 a second. */
    public static FailoverPolicy defaults() {
        return new FailoverPolicy(3, Set.of(), Duration.ofMillis(25), Duration.ZERO, 0.2, 10, false, 0);
    }

    /** The same with another number of attempts. */
    public FailoverPolicy withAttempts(int attempts) {
        return new FailoverPolicy(
                attempts, statuses, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** The same with other statuses, such as 502, 503 and 504. */
    public FailoverPolicy withStatuses(int... statuses) {
        Set<Integer> boxed = Arrays.stream(statuses).boxed().collect(Collectors.toUnmodifiableSet());
        return new FailoverPolicy(
                attempts, boxed, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** The same with another time to wait. */
    public FailoverPolicy withBackOff(Duration backOff) {
        return new FailoverPolicy(
                attempts, statuses, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** The same with another limit for each time that a backend stalls. */
    public FailoverPolicy withStallTimeout(Duration stallTimeout) {
        return new FailoverPolicy(
                attempts, statuses, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** The same with another budget. */
    public FailoverPolicy withBudget(double share, int floor) {
        return new FailoverPolicy(attempts, statuses, backOff, stallTimeout, share, floor, strict, wholeAnswers);
    }

    /** The same, but strict or not. */
    public FailoverPolicy withStrict(boolean strict) {
        return new FailoverPolicy(
                attempts, statuses, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** The same with another limit, in bytes, up to which answers are read whole; 0 for none. */
    public FailoverPolicy withWholeAnswers(int wholeAnswers) {
        return new FailoverPolicy(
                attempts, statuses, backOff, stallTimeout, budgetShare, budgetFloor, strict, wholeAnswers);
    }

    /** Milliseconds before the nth attempt beyond the first, from 1 on. */
    IntervalFunction backOffs() {
        long first = backOff.toMillis();
        return first == 0
                ? retry -> 0L
                : IntervalFunction.ofExponentialRandomBackoff(first, 2, 0.5, LONGEST_BACK_OFF * first);
    }
}
