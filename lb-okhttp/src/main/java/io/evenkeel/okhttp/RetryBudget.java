package io.evenkeel.okhttp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests more than calls a route may send, so that retries do not finish off a pool that is down already: a
 * part of the calls, and some for each second, at whose start they are there. What is not used is saved, up to a limit.
 * Counted from the beginning, there are never more.
 *
 * <p>Safe for use by many threads, without a lock. A call costs one addition; the clock is read for retries only.
 */
final class RetryBudget {
    private static final AtomicReferenceFieldUpdater<RetryBudget, Balance> BALANCE =
            AtomicReferenceFieldUpdater.newUpdater(RetryBudget.class, Balance.class, "balance");

    /** In whole numbers, since a fifth of a call has no exact {@code double} and there are many. */
    private static final long RETRY = 1_000_000;

    /** Ten seconds of the default: enough for what was under way on a backend that dies. */
    private static final int SAVED = 100;

    private final long perCall;
    private final long perSecond;
    private final long mostSaved;
    private final LongSupplier nanoClock;
    private final long start;
    private final LongAdder calls = new LongAdder();
    private volatile Balance balance;

    /** What was left when so many calls and seconds were counted in. */
    private record Balance(long left, long calls, long seconds) {
        Balance withLeft(long left) {
            return new Balance(left, calls, seconds);
        }
    }

    /**
     * @param share retries for each call
     * @param floor retries for each second
     */
    RetryBudget(double share, int floor, LongSupplier nanoClock) {
        this.perCall = Math.round(share * RETRY);
        this.perSecond = floor * RETRY;
        this.mostSaved = Math.max(SAVED, floor) * RETRY;
        this.nanoClock = nanoClock;
        this.start = nanoClock.getAsLong();
        this.balance = new Balance(perSecond, 0, 0);
    }

    /** A call has begun. */
    void called() {
        calls.increment();
    }

    /** Takes one retry, if there is one. */
    boolean tryRetry() {
        while (true) {
            Balance before = balance;
            Balance now = broughtUpToDate(before);
            if (now.left < RETRY) {
                return false;
            }
            if (BALANCE.compareAndSet(this, before, now.withLeft(now.left - RETRY))) {
                return true;
            }
        }
    }

    /** Somebody has repeated a request without asking: there is less for those who ask. */
    void repeated() {
        Balance before;
        Balance after;
        do {
            before = balance;
            Balance now = broughtUpToDate(before);
            // A debt has the same limit as what is saved, so that it is worked off some day.
            after = now.withLeft(Math.max(now.left - RETRY, -mostSaved));
        } while (!BALANCE.compareAndSet(this, before, after));
    }

    /** Reads the counters after the balance, so that none goes back. */
    private Balance broughtUpToDate(Balance before) {
        long callsNow = calls.sum();
        long secondsNow = TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong() - start);
        // What is above the limit in any case is cut before it is multiplied: years would overflow.
        long earned = Math.min(callsNow - before.calls, 2 * mostSaved) * perCall
                + Math.min(secondsNow - before.seconds, 2 * mostSaved / RETRY) * perSecond;
        return new Balance(Math.min(before.left + earned, mostSaved), callsNow, secondsNow);
    }
}
