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
        RequestBody body = request.body();
        return IDEMPOTENT.contains(request.method())
                && (body == null || !(body.isOneShot() || body.isDuplex()))
                && !(failure instanceof ProtocolException); // an answer came, and another backend's would be no better
    }
}
