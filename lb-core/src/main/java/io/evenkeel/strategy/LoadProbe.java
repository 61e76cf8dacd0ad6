package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.Backend;
import io.evenkeel.orca.LoadReport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One question to one backend: how busy are you? For {@link SelectionStrategy#prequal}.
 *
 * <p>Called on the threads that pick, some times for each pick, and must not block: it starts the question and returns. It
 * must not pick from the balancer that asks. A probe that does not answer in time counts as failed and has its
 * {@code CompletableFuture} cancelled, so that it can free what it holds; so does one that throws.
 */
@FunctionalInterface
public interface LoadProbe {

    /** Asks. The stage completes with the answer, on any thread; completing with an exception is a failed probe. */
    CompletionStage<Answer> ask(Backend backend);

    /**
     * What a backend knows of its load. Immutable.
     *
     * @param inFlight requests of all clients that it has taken in and not answered
     * @param latency what a request takes that comes now, 0 to 1 day: best the median of recent ones that found as many in
     *     flight
     */
    record Answer(long inFlight, Duration latency) {
        private static final Duration LONGEST = Duration.ofDays(1);
        private static final double NANOS_PER_MILLI = 1e6;
        private static final Double MISSING = -1.0;

        /** Checks each component. */
        public Answer {
            checkArgument(inFlight >= 0, "inFlight: %s (expected: >= 0)", inFlight);
            checkArgument(
                    !latency.isNegative() && latency.compareTo(LONGEST) <= 0,
                    "latency: %s (expected: 0 to 1 day)",
                    latency);
        }

        /** The named metrics {@code rif} and {@code latency_ms} of a report; empty if it lacks one, or it is no such. */
        public static Optional<Answer> of(LoadReport report) {
            Map<String, Double> metrics = report.namedMetrics();
            double inFlight = metrics.getOrDefault("rif", MISSING);
            double millis = metrics.getOrDefault("latency_ms", MISSING);
            if (inFlight < 0 || millis < 0 || millis > LONGEST.toMillis()) {
                return Optional.empty();
            }
            return Optional.of(new Answer((long) inFlight, Duration.ofNanos((long) (millis * NANOS_PER_MILLI))));
        }
    }
}
