package io.evenkeel.okhttp;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Predicate;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * Where a call that goes to a foreign host is stopped before it follows a redirect to a route. OkHttp asks for cookies before
 * it sends anything, whichever host, proxy and connection is next; all of those stay the client's, and so do the cookies.
 */
final class Border implements CookieJar {
    private final BalancedCall call;
    private final Predicate<HttpUrl> isOfRoute;
    private final CookieJar cookies;

    Border(BalancedCall call, Predicate<HttpUrl> isOfRoute, CookieJar cookies) {
        this.call = call;
        this.isOfRoute = isOfRoute;
        this.cookies = cookies;
    }

    /** @throws UncheckedIOException with a {@link Crossing}, since a jar has no other way to say no */
    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
        Redirect redirect = call.redirect();
        if (redirect != null && redirect.next().url().equals(url) && isOfRoute.test(url)) {
            throw new UncheckedIOException(
                    new Crossing(redirect.answer().request().url(), url));
        }
        return cookies.loadForRequest(url);
    }

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> received) {
        cookies.saveFromResponse(url, received);
    }
}
