package io.evenkeel.okhttp;

import io.evenkeel.backend.Outcome;
import java.util.Arrays;
import okhttp3.Response;

/**
 * What an answer says about the backend that gave it. Strategies and ejection go by it; it changes nothing for the caller.
 * Attempts without an answer are not asked about: a connection that breaks is a failure, a limit that ran out a timeout.
 *
 * <p>Called once for an answer, before its caller sees it, on the thread of the call: it must be safe for use by many
 * threads, not block, and leave the body alone. When it throws, the default decides, and the fault is counted and logged
 * by the pool.
 */
@FunctionalInterface
public interface ResponseClassifier {
    /** {@link Outcome#CANCELLED} for an answer that says nothing. */
    Outcome outcomeOf(Response response);

    /** The default: a status of 500 or more is a failure, each other a success, since 4xx are faults of the caller. */
    static ResponseClassifier serverErrors() {
        return Outcomes::of;
    }

    /** The same, but these statuses are failures, too: 429, say, of backends that limit what each of them takes. */
    default ResponseClassifier alsoFailing(int... statuses) {
        int[] failing = statuses.clone();
        return response -> Arrays.stream(failing).anyMatch(status -> status == response.code())
                ? Outcome.FAILURE
                : outcomeOf(response);
    }
}
