package io.evenkeel.okhttp;

import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import java.io.IOException;
import java.util.Objects;
import java.util.function.LongSupplier;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;

/** Takes calls for one origin to its backends, from one to the next where that is safe and the policy allows it. */
final class Route {
    private final BalancedOrigin origin;
    private final Failover failover;
    private final ResponseClassifier classifier;
    private final Belonging belonging;
    private final LongSupplier nanoClock;

    Route(
            BalancedOrigin origin,
            FailoverPolicy policy,
            ResponseClassifier classifier,
            Belonging belonging,
            LongSupplier nanoClock) {
        this.origin = origin;
        this.failover = new Failover(policy, nanoClock);
        this.classifier = classifier;
        this.belonging = belonging;
        this.nanoClock = nanoClock;
    }

    BalancedOrigin origin() {
        return origin;
    }

    /** One for all clients. */
    RetryBudget budget() {
        return failover.budget();
    }

    int attempts() {
        return failover.attempts();
    }

    long now() {
        return nanoClock.getAsLong();
    }

    Outcome outcomeOf(Response response) {
        try {
            return Objects.requireNonNull(classifier.outcomeOf(response), "outcome");
        } catch (RuntimeException fault) {
            pool().faults().caught("response classifier", fault);
            return Outcomes.of(response);
        }
    }

    /** @throws Crossing if a redirect leads to another route */
    Response serve(Chain unlimited, Request asked, BalancedCall call) throws IOException {
        if (unlimited.call().isCanceled()) {
            throw new IOException("Canceled");
        }
        if (!call.isFurther()) {
            budget().called();
        }
        Chain chain = failover.limit(unlimited, asked);
        Request request = failover.sentFor(asked, call);
        PickContext context = call.aimed(belonging.contextOf(asked, chain));
        Failures failures = Failures.NONE;
        Pick pick = origin.balancer().pick(context);
        for (int attempt = 1; ; attempt++) {
            Trip trip = call.begin(pick, asked, this);
            Response answer = null;
            try {
                Response here = send(chain, request, call, trip);
                if (!failover.goesOnAfter(here, trip, chain, call, attempt)) {
                    failover.complete(here, trip, chain.call());
                    belonging.answeredBy(pick.backend(), asked, chain);
                    return here;
                }
                answer = here;
            } catch (Crossing crossing) {
                belonging.answeredBy(pick.backend(), asked, chain);
                throw crossing;
            } catch (IOException failure) {
                failures = failures.and(failure);
                if (!failover.goesOnAfter(failure, trip, chain, call, attempt)) {
                    throw failures.last();
                }
            }
            context = context.excluding(pick.backend());
            try {
                pick = origin.balancer().pick(context);
            } catch (NoBackendException none) {
                if (answer != null) {
                    return answer; // a bad one is better than none
                }
                throw failures.lastBefore(none);
            }
            if (answer != null) {
                answer.close(); // or the next request would not be legal
            }
        }
    }

    private Response send(Chain chain, Request request, BalancedCall call, Trip trip) throws IOException {
        try {
            Way way = origin.wayTo(trip.pick().member(), chain);
            Response answer = way.steer(chain, call).proceed(request);
            trip.returned(answer);
            origin.answered(trip, answer);
            if (failover.isUnwelcome(answer) && !trip.hasLeft()) {
                RetryAfter.honour(answer, pool(), trip.pick().member());
            }
            return answer;
        } catch (Throwable failure) { // OkHttp throws undeclared ones, too: InterruptedException for one
            trip.threw(failure, chain.call().isCanceled());
            throw failure;
        }
    }

    private BackendPool pool() {
        return origin.balancer().pool();
    }
}
