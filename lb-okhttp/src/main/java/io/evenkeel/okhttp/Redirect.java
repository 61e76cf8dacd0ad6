package io.evenkeel.okhttp;

import java.net.ProtocolException;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An answer that leads its call to another origin.
 *
 * @param answer whose body is closed
 * @param next what the call is to ask for now
 */
record Redirect(Response answer, Request next) {
    /** As many as OkHttp follows. */
    private static final int MOST = 20;

    /** The answer, with those before it that OkHttp does not know of. */
    Response after(@Nullable Response earlier) throws ProtocolException {
        Response last = earlier == null ? answer : link(earlier, answer);
        int followUps = 0;
        for (Response each = last; each != null; each = each.priorResponse()) {
            followUps++;
        }
        if (followUps > MOST) {
            throw new ProtocolException("Too many follow-up requests: " + followUps);
        }
        return last;
    }

    /** The later answer, with the earlier one before all that led to it. */
    static Response link(Response earlier, Response later) {
        Response prior = later.priorResponse();
        return later.newBuilder()
                .priorResponse(prior == null ? earlier : link(earlier, prior))
                .build();
    }
}
