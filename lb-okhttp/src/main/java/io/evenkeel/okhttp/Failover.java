package io.evenkeel.okhttp;

import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A policy at work: whether there is a next attempt, and the wait before it. */
final class Failover {
    private final FailoverPolicy policy;
    private final BitSet statuses = new BitSet(); // a set of boxed numbers would box that of each answer
    private final IntervalFunction backOffs;
    private final int stallMillis;
    private final RetryBudget budget;
    private final WholeAnswers wholeAnswers;

    Failover(FailoverPolicy policy, LongSupplier nanoClock) {
        this.policy = policy;
        policy.statuses().forEach(statuses::set);
        this.backOffs = policy.backOffs();
        this.stallMillis =
                (int) Math.min(Integer.MAX_VALUE, policy.stallTimeout().toMillis());
        this.budget = new RetryBudget(policy.budgetShare(), policy.budgetFloor(), nanoClock);
        this.wholeAnswers = new WholeAnswers(policy.wholeAnswers());
    }

    int attempts() {
        return policy.attempts();
    }

    RetryBudget budget() {
        return budget;
    }

    /** Whether this came over the network and is what another backend might better. */
    boolean isUnwelcome(Response answer) {
        return statuses.get(answer.code()) && answer.networkResponse() != null;
    }

    /** With the policy's limits, where they are tighter than those of the client; its zero stands for none. */
    Chain limit(Chain chain, Request request) {
        Chain limited = chain;
        if (isTighterThan(chain.connectTimeoutMillis())) {
            limited = limited.withConnectTimeout(stallMillis, TimeUnit.MILLISECONDS);
        }
        if (isTighterThan(chain.readTimeoutMillis())) {
            limited = limited.withReadTimeout(stallMillis, TimeUnit.MILLISECONDS);
        }
        if (isTighterThan(chain.writeTimeoutMillis())) {
            limited = limited.withWriteTimeout(stallMillis, TimeUnit.MILLISECONDS);
        }
        return isOnceOnly(request) && request.body() == null
                ? limited.withRetryOnConnectionFailure(
                        false) // without a body there is nothing to say it more finely by
                : limited;
    }

    private boolean isTighterThan(int millis) {
        return stallMillis > 0 && (millis == 0 || stallMillis < millis);
    }

    /** What is sent: the request itself, as a rule. */
    Request sentFor(Request request, BalancedCall call) {
        RequestBody body = request.body();
        return body == null || !isOnceOnly(request)
                ? request
                : request.newBuilder()
                        .method(request.method(), new SentOnce(body, call))
                        .build();
    }

    private boolean isOnceOnly(Request request) {
        return policy.strict() && !Repeats.isIdempotent(request);
    }

    /** Whether another backend should be asked; if so, it is time to. */
    boolean goesOnAfter(IOException failure, Trip trip, Chain chain, BalancedCall call, int attempt) {
        if (attempt >= policy.attempts() || isOver(chain.call()) || Outcomes.isInterruption(failure)) {
            return false;
        }
        if (trip.isUntouched()) {
            return trip.hasCostNothing() || budget.tryRetry();
        }
        boolean isSafe =
                trip.hasReturned() ? Repeats.areSafe(trip.request()) : Repeats.areSafe(trip.request(), failure);
        return !trip.hasLeft() && isSafe && takesRetry(chain, call, attempt);
    }

    /** Likewise. */
    boolean goesOnAfter(Response answer, Trip trip, Chain chain, BalancedCall call, int attempt) {
        return isUnwelcome(answer)
                && attempt < policy.attempts()
                && !trip.hasLeft()
                && Repeats.areSafe(trip.request())
                && takesRetry(chain, call, attempt);
    }

    /**
     * Before the answer is handed on.
     *
     * @throws IOException if it was to be read whole and breaks off; it is closed then
     */
    void complete(Response answer, Trip trip, Call call) throws IOException {
        if (wholeAnswers.include(answer, trip)) {
            wholeAnswers.read(answer, trip, call);
        }
    }

    private boolean takesRetry(Chain chain, BalancedCall call, int attempt) {
        if (isOver(chain.call()) || !budget.tryRetry()) {
            return false;
        }
        long millis = backOffs.apply(attempt);
        if (millis > 0) {
            call.pause(millis);
        }
        return !isOver(chain.call());
    }

    /** Nobody waits for this call any more. */
    private static boolean isOver(Call call) {
        return call.isCanceled() || Thread.currentThread().isInterrupted();
    }
}
