package io.evenkeel.okhttp;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Scheme, host and port of a URL, as OkHttp writes them: what a call says, not where it goes. */
record Origin(boolean https, String host, int port) {
    /** What OkHttp takes for an address, so that it asks no DNS for it. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    /** Reads what a user wrote. */
    static Origin of(String written) {
        HttpUrl url = HttpUrl.parse(written);
        if (url == null || !isBare(url)) {
            throw new IllegalArgumentException("route: \"" + written
                    + "\" (expected: scheme, host and perhaps port, as in http://orders or https://pay.internal:8443)");
        }
        if (ADDRESS.matcher(url.host()).matches()) {
            throw new IllegalArgumentException("route: \"" + written
                    + "\" (expected: a name for the host; it need not resolve; addresses belong to backends)");
        }
        return of(url);
    }

    static Origin of(HttpUrl url) {
        return new Origin(url.isHttps(), url.host(), url.port());
    }

    private static boolean isBare(HttpUrl url) {
        return url.encodedPath().equals("/")
                && url.encodedQuery() == null
                && url.encodedFragment() == null
                && url.encodedUsername().isEmpty()
                && url.encodedPassword().isEmpty();
    }

    boolean isOf(HttpUrl url) {
        return url.port() == port && url.isHttps() == https && url.host().equals(host);
    }

    @Override
    public String toString() {
        return (https ? "https://" : "http://") + host + ":" + port;
    }
}
