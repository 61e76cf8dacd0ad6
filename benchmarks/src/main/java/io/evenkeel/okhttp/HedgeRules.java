package io.evenkeel.okhttp;

import java.util.function.LongSupplier;

/**
 * When one client sends a request a second time: the budget and the quantile that calls of {@code lb-okhttp} have, opened
 * to the simulator, which has its own time and no OkHttp. For one thread.
 */
public final class HedgeRules {
    private final CallPolicy policy;
    private final RecentTimes times;
    private final RetryBudget budget;

    /** Those of a route with these settings. */
    public HedgeRules(CallPolicy policy, FailoverPolicy failover, LongSupplier nanoClock) {
        this.policy = policy;
        this.times = new RecentTimes(policy.hedgeQuantile());
        this.budget = new RetryBudget(failover.budgetShare(), failover.budgetFloor(), nanoClock);
    }

    /** A request begins. */
    public void called() {
        budget.called();
    }

    /** How long to wait for an answer before a hedge; 0 for no hedge. */
    public long delayNanos() {
        long fixed = policy.hedgeDelay().toNanos();
        if (policy.hedgeQuantile() == 0) {
            return fixed;
        }
        long live = times.nanos();
        return live == 0 ? 0 : Math.max(live, fixed);
    }

    /** Whether the budget has a hedge left; then it is used up. */
    public boolean tryHedge() {
        return budget.tryRetry();
    }

    /** So long an attempt took, or has lasted when another one was quicker. */
    public void took(long nanos) {
        if (policy.hedgeQuantile() > 0) {
            times.add(nanos);
        }
    }
}
