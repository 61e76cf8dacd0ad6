package io.evenkeel.okhttp;

import java.time.Duration;

/**
 * What calls of {@link LoadBalancingInterceptor#callFactory} may do that one call of OkHttp cannot. Immutable; start from
 * {@link #defaults}.
 *
 * <p>A <em>hedge</em> is a second attempt that is sent to another backend while the first still waits: the better answer
 * wins, and the other attempt is cancelled. A second attempt of either kind is made only if the request may be sent twice,
 * and is paid from the budget of retries.
 *
 * @param attemptTimeout how long one attempt may take until the headers of its answer are here, or all of it where
 *     {@link FailoverPolicy#wholeAnswers} has it read whole, waiting for its turn included. Then it is cancelled, a timeout of its backend, and another backend is tried while attempts are left; 0 for
 *     no limit, the default. The call timeout of OkHttp still limits them all, body included
 * @param hedgeDelay how long the first attempt waits before a hedge is sent; 0 by default
 * @param hedgeQuantile a hedge is sent when the first attempt has waited longer than this part of the latest 256 did, 0 to
 *     0.999, none before 64 have answered; 0, the default, looks at {@code hedgeDelay} alone. Where both are set, the later
 *     counts; where none is, there is no hedge
 * @see "Dean and Barroso, The Tail at Scale, CACM 2013, for hedges after the 95th percentile"
 */
public record CallPolicy(Duration attemptTimeout, Duration hedgeDelay, double hedgeQuantile) {
    private static final Duration MOST = Duration.ofDays(1);
    private static final double MOST_QUANTILE = 0.999;

    /** As the paper has it: some 5 % of the calls are sent twice. */
    private static final double P95 = 0.95;

    /** Checks each component. */
    public CallPolicy {
        check("attemptTimeout", attemptTimeout);
        check("hedgeDelay", hedgeDelay);
        if (!(hedgeQuantile >= 0 && hedgeQuantile <= MOST_QUANTILE)) {
            throw new IllegalArgumentException("hedgeQuantile: " + hedgeQuantile + " (expected: 0 to 0.999)");
        }
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 1 day)");
        }
    }

    /** No limit for an attempt, and no hedges. */
    public static CallPolicy defaults() {
        return new CallPolicy(Duration.ZERO, Duration.ZERO, 0);
    }

    /** The same with another limit for an attempt. */
    public CallPolicy withAttemptTimeout(Duration attemptTimeout) {
        return new CallPolicy(attemptTimeout, hedgeDelay, hedgeQuantile);
    }

    /** The same with hedges after that time, and not before. */
    public CallPolicy withHedgeDelay(Duration hedgeDelay) {
        return new CallPolicy(attemptTimeout, hedgeDelay, hedgeQuantile);
    }

    /** The same with hedges after what that part of the latest attempts took. */
    public CallPolicy withHedgeQuantile(double hedgeQuantile) {
        return new CallPolicy(attemptTimeout, hedgeDelay, hedgeQuantile);
    }

    /** The same with hedges after the 95th percentile of the latest attempts. */
    public CallPolicy withHedgeAfterP95() {
        return withHedgeQuantile(P95);
    }
}
