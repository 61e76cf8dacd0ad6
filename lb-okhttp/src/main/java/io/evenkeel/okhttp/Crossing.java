package io.evenkeel.okhttp;

import java.net.UnknownServiceException;
import okhttp3.HttpUrl;

/**
 * Thrown in place of a connection to the host of another route. OkHttp follows redirects below us, where nobody can pick;
 * this brings a call up again that was redirected to a route, from another one or from a foreign host.
 */
final class Crossing extends UnknownServiceException {
    private static final long serialVersionUID = 1;

    Crossing(Origin from, String host, int port) {
        super("no route from " + from + " to " + host + ":" + port);
    }

    Crossing(HttpUrl from, HttpUrl to) {
        this(Origin.of(from), to.host(), to.port());
    }
}
