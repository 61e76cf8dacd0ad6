package io.evenkeel.okhttp;

import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a request belongs to, such as a customer or a session: requests of one key should meet one backend.
 *
 * <p>Called once for each call as a rule, on the thread of the call: it must be safe for use by many threads, and leave the
 * body alone. When it throws, the request has no key, and the fault is counted and logged by the pool.
 */
@FunctionalInterface
public interface RequestKey {
    /**
     * The key; null where there is none.
     *
     * @param cookies the client's, which OkHttp will add to the request
     */
    @Nullable
    String of(Request request, CookieJar cookies);

    /** The value of a header; of several, the last. */
    static RequestKey header(String name) {
        return (request, cookies) -> request.header(name);
    }

    /** The value of a cookie, from the client's jar or else from a {@code Cookie} header of the request. */
    static RequestKey cookie(String name) {
        return (request, cookies) -> {
            for (Cookie cookie : cookies.loadForRequest(request.url())) {
                if (cookie.name().equals(name)) {
                    return cookie.value();
                }
            }
            String written = request.header("Cookie");
            return written == null ? null : valueOf(name, written);
        };
    }

    private static @Nullable String valueOf(String name, String written) {
        for (String pair : written.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return pair.substring(equals + 1).strip();
            }
        }
        return null;
    }

    /** The path of the URL, as it is encoded. */
    static RequestKey path() {
        return (request, cookies) -> request.url().encodedPath();
    }

    /** The value of a parameter in the URL's query; of several, the first. */
    static RequestKey query(String name) {
        return (request, cookies) -> request.url().queryParameter(name);
    }
}
