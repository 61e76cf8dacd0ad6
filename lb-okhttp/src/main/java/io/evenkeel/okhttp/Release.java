package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.Proxy;
import java.net.UnknownHostException;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.Request;

/**
 * Makes OkHttp give the connection that a call holds back to the pool, alive. It does that only when the next request
 * of the call goes to another host, so there is one, to a host whose look-up fails at once.
 */
final class Release {
    /** The domain is reserved for names that do not exist, by RFC 2606. */
    private static final Request ELSEWHERE =
            new Request.Builder().url("http://release.invalid/").build();

    private static final Dns NOBODY = hostname -> {
        throw new UnknownHostException(hostname);
    };

    private Release() {}

    static void heldConnection(Interceptor.Chain chain) {
        Interceptor.Chain nowhere = chain.withDns(NOBODY)
                .withCache(null)
                .withCookieJar(CookieJar.NO_COOKIES)
                .withProxy(Proxy.NO_PROXY)
                .withRetryOnConnectionFailure(false);
        try {
            nowhere.proceed(ELSEWHERE).close();
        } catch (IOException expected) {
            // Nobody is there, and that was the point.
        }
    }
}
