package io.evenkeel.outlier;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.evenkeel.backend.Placement;

/**
 * When traffic takes a member out, and for how long. Immutable; start from {@link #defaults}.
 *
 * <p>A member that comes back is on trial: it gets one pick, and is out again, for longer, if that one fails.
 *
 * @param consecutiveFailures failures and timeouts in a row that take a member out; 0 is never; 5 by default
 * @param consecutiveUnanswered those of them, in a row, that came before any answer, because it could not be reached; 0 is
 *     never; 3 by default
 * @param rates what is judged by comparing members, once an interval
 * @param ejectionTime how long a member is out
 * @param maxEjectedPercent how many of the members may be out at the same time, 0 to 100; 50 by default. A true cap, so
 *     that of two or three members one may be out, and the only one never
 * @param maxEjectedDomainPercent how many of the members in one fault domain, as {@link Placement} has it, may be out at the
 *     same time, 0 to 100; 100 by default, so that a rack that fails goes out as a whole. A true cap: below 100, a member
 *     that is alone in its fault domain never goes out. Members whose fault domain is not known are not counted
 * @param isDryRun says in the log what would be done, and does not do it; false by default
 */
public record OutlierPolicy(
        int consecutiveFailures,
        int consecutiveUnanswered,
        Rates rates,
        EjectionTime ejectionTime,
        int maxEjectedPercent,
        int maxEjectedDomainPercent,
        boolean isDryRun) {

    /** Checks each component. */
    public OutlierPolicy {
        checkArgument(consecutiveFailures >= 0, "consecutiveFailures: %s (expected: >= 0)", consecutiveFailures);
        checkArgument(consecutiveUnanswered >= 0, "consecutiveUnanswered: %s (expected: >= 0)", consecutiveUnanswered);
        requireNonNull(rates, "rates");
        requireNonNull(ejectionTime, "ejectionTime");
        checkArgument(
                maxEjectedPercent >= 0 && maxEjectedPercent <= 100,
                "maxEjectedPercent: %s (expected: 0 to 100)",
                maxEjectedPercent);
        checkArgument(
                maxEjectedDomainPercent >= 0 && maxEjectedDomainPercent <= 100,
                "maxEjectedDomainPercent: %s (expected: 0 to 100)",
                maxEjectedDomainPercent);
    }

    /** 5 failures or 3 without an answer in a row, rates by default, 30 s and growing, at most half of the members. */
    public static OutlierPolicy defaults() {
        return new OutlierPolicy(5, 3, Rates.defaults(), EjectionTime.defaults(), 50, 100, false);
    }

    /** The same with another number of failures. */
    public OutlierPolicy withConsecutiveFailures(int consecutiveFailures) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same with another number of failures without an answer. */
    public OutlierPolicy withConsecutiveUnanswered(int consecutiveUnanswered) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same with other rates. */
    public OutlierPolicy withRates(Rates rates) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same with another time. */
    public OutlierPolicy withEjectionTime(EjectionTime ejectionTime) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same with another cap. */
    public OutlierPolicy withMaxEjectedPercent(int maxEjectedPercent) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same with another cap for each fault domain. */
    public OutlierPolicy withMaxEjectedDomainPercent(int maxEjectedDomainPercent) {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                isDryRun);
    }

    /** The same without any effect but the log. */
    public OutlierPolicy asDryRun() {
        return new OutlierPolicy(
                consecutiveFailures,
                consecutiveUnanswered,
                rates,
                ejectionTime,
                maxEjectedPercent,
                maxEjectedDomainPercent,
                true);
    }
}
