package io.evenkeel.okhttp;

import java.net.UnknownServiceException;

/**
 * Thrown in place of a connection to the host of another route. OkHttp follows redirects below us, where nobody can pick;
 * this brings a call up again that was redirected from one route to another.
 */
final class Crossing extends UnknownServiceException {
    private static final long serialVersionUID = 1;

    Crossing(Origin from, String host, int port) {
        super("no route from " + from + " to " + host + ":" + port);
    }
}
