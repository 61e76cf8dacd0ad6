package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Locale;
import okhttp3.Call;
import okhttp3.Response;

/**
 * Which answers are read to their end before they are handed on, so that one that breaks off is an attempt that failed. What
 * is read stays in the buffer of the body's own source: the body is the one that OkHttp made, with its trailers and events.
 */
final class WholeAnswers {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final int most;

    /** @param most bytes that one may have; 0 for none at all */
    WholeAnswers(int most) {
        this.most = most;
    }

    boolean include(Response answer, Trip trip) {
        return most > 0
                && !trip.hasLeft()
                && Repeats.areSafe(trip.request())
                && isOverNetwork(answer)
                && answer.body().contentLength() <= most
                && !isEndless(answer);
    }

    /** A body that the cache has, be it after a 304, cannot break off. */
    private static boolean isOverNetwork(Response answer) {
        Response network = answer.networkResponse();
        return network != null && network.code() != HttpURLConnection.HTTP_NOT_MODIFIED;
    }

    /** Its first bytes are waited for, and its end may never come. */
    private static boolean isEndless(Response answer) {
        String type = answer.header("Content-Type");
        return answer.code() == SWITCHING_PROTOCOLS
                || (type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"));
    }

    /** Up to the limit; what is longer than it said, or did not say, goes on from there. */
    void read(Response answer, Trip trip, Call call) throws IOException {
        try {
            answer.body().source().request(most + 1L);
        } catch (IOException failure) {
            trip.responseFailed(failure, call.isCanceled()); // no event comes for what cannot be unzipped
            answer.close();
            throw failure;
        }
    }
}
