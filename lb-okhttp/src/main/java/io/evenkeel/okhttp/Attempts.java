package io.evenkeel.okhttp;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * Which backends a call tried, for logs and metrics: a URL says only where it wanted to go. Immutable.
 *
 * <p>An answer does not know its call. Where the caller has no call, as behind Retrofit, an interceptor that is added before
 * the one that balances has both, since {@code chain.call()} is this call:
 *
 * <pre>{@code
 * client.addInterceptor(chain -> {
 *     Response response = chain.proceed(chain.request());
 *     log.info("{} by {}", response.code(), Attempts.of(chain.call()));
 *     return response;
 * });
 * }</pre>
 *
 * @param all the attempts in their order; none for a call that has not been balanced
 */
public record Attempts(List<Attempt> all) {
    /** Copies the list. */
    public Attempts {
        all = List.copyOf(all);
    }

    /**
     * One attempt.
     *
     * @param backend who was asked
     * @param outcome how it ended; empty as long as a body is on its way
     * @param duration how long it took, its body included; as long as that is on its way, how long so far
     */
    public record Attempt(Backend backend, Optional<Outcome> outcome, Duration duration) {
        /** The backend's id and the outcome. */
        @Override
        public String toString() {
            return backend + " " + outcome.map(Outcome::name).orElse("in flight");
        }
    }

    /** The attempts of this call so far. May be called at any time by any thread. */
    public static Attempts of(Call call) {
        List<Call> calls = call instanceof RacedCall raced ? raced.attempts() : List.of(call);
        return new Attempts(calls.stream().flatMap(one -> ofOne(one).stream()).toList());
    }

    private static List<Attempt> ofOne(Call call) {
        List<Attempt> newestFirst = new ArrayList<>();
        BalancedCall balanced = call.tag(BalancedCall.class);
        @Nullable Trip trip = balanced == null ? null : balanced.latest();
        for (; trip != null; trip = trip.before()) {
            newestFirst.add(new Attempt(
                    trip.pick().backend(), Optional.ofNullable(trip.outcome()), Duration.ofNanos(trip.elapsedNanos())));
        }
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    /** The attempts on one line, such as {@code a:80 FAILURE, b:80 SUCCESS}. */
    @Override
    public String toString() {
        return all.stream().map(Attempt::toString).collect(Collectors.joining(", "));
    }
}
