package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Set;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Which requests may be sent again although some of them may have arrived. */
final class Repeats {
    /** RFC 9110, section 9.2.2: sending them twice means no more than sending them once. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private Repeats() {}

    static boolean areSafe(Request request, IOException failure) {
        return (isIdempotent(request) || wasRefused(failure))
                && canBeWritten(request)
                && !(failure instanceof ProtocolException); // an answer came, and another backend's would be no better
    }

    /** After headers of an answer, whose body may have broken off in any way. */
    static boolean areSafe(Request request) {
        return isIdempotent(request) && canBeWritten(request);
    }

    static boolean isIdempotent(Request request) {
        return IDEMPOTENT.contains(request.method());
    }

    private static boolean canBeWritten(Request request) {
        RequestBody body = request.body();
        return body == null || !(body.isOneShot() || body.isDuplex());
    }

    /**
     * RFC 9113, section 8.7: the server has not processed it. A stream that lies beyond the last one of a {@code GOAWAY}
     * ends in the same way. OkHttp does not export the classes, but their names are part of every stack trace.
     */
    private static boolean wasRefused(IOException failure) {
        String message = failure.getMessage();
        return switch (failure.getClass().getSimpleName()) {
            case "StreamResetException" -> message != null && message.endsWith("REFUSED_STREAM");
            case "ConnectionShutdownException" -> true;
            default -> false;
        };
    }
}
