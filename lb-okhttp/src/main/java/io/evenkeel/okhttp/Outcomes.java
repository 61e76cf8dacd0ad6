package io.evenkeel.okhttp;

import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import okhttp3.Response;

/** What an answer, or what came instead of one, says about the backend. */
final class Outcomes {
    private static final int FIRST_SERVER_ERROR = 500;

    private Outcomes() {}

    static Outcome of(Response response) {
        return response.code() >= FIRST_SERVER_ERROR ? Outcome.FAILURE : Outcome.SUCCESS;
    }

    /** For a call that was not cancelled. */
    static Outcome of(Throwable failure) {
        if (failure instanceof SocketTimeoutException) {
            return Outcome.TIMEOUT;
        }
        return failure instanceof IOException && !isInterruption(failure) ? Outcome.FAILURE : Outcome.CANCELLED;
    }

    /** Somebody interrupted the thread: OkHttp's own limits come as {@link SocketTimeoutException}. */
    static boolean isInterruption(Throwable failure) {
        return failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
    }
}
