package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.LoadBalancer;
import io.evenkeel.affinity.HashSecret;
import io.evenkeel.strategy.SelectionStrategy;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mockwebserver3.MockResponse;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of one key meet one backend. */
@Tag("okhttp")
@Timeout(60)
class RequestKeyTest {
    private static final HashSecret SECRET = new HashSecret(1, 2);
    private static final RequestKey SESSION = RequestKey.header("Session");

    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(3);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private OkHttpClient keyed(RequestKey key) {
        LoadBalancer maglev = LoadBalancer.over(fleet.balancer.pool())
                .strategy(SelectionStrategy.maglev())
                .build();
        return LoadBalancingInterceptor.builder()
                .route("http://orders", maglev)
                .key(key, SECRET)
                .build()
                .install(new OkHttpClient.Builder())
                .build();
    }

    private OkHttpClient sticky(RequestKey session, int most) {
        return fleet.client(builder -> builder.sticky(session, most));
    }

    private static Request of(String session) {
        return Fleet.get("http://orders/")
                .newBuilder()
                .header("Session", session)
                .build();
    }

    private static String call(OkHttpClient client, String session) throws IOException {
        return Fleet.body(client.newCall(of(session)));
    }

    @Test
    @DisplayName("1. affinity: equal keys go to the same backend, and different ones to all")
    void equalKeysGoTogether() throws IOException {
        OkHttpClient client = keyed(SESSION);
        Set<String> asked = new HashSet<>();

        for (int session = 0; session < 30; session++) {
            String first = call(client, "s" + session);
            assertEquals(first, call(client, "s" + session));
            asked.add(first);
        }

        assertEquals(3, asked.size());
    }

    @Test
    @DisplayName("1. affinity: two clients of one secret send a key the same way")
    void aSharedSecret() throws IOException {
        OkHttpClient one = keyed(SESSION);
        OkHttpClient two = keyed(SESSION);

        for (int session = 0; session < 30; session++) {
            assertEquals(call(one, "s" + session), call(two, "s" + session));
        }
    }

    @Test
    @DisplayName("1. affinity: a key is read from header, path, query, cookie, or anything else")
    void wherefromKeysAreRead() {
        Request request = new Request.Builder()
                .url("http://orders/a%20b/c?user=me&user=you")
                .header("Session", "s1")
                .header("Cookie", "theme=dark; sid = 42 ;empty=")
                .build();
        CookieJar jar = new OneCookie("id", "7");

        assertEquals("s1", RequestKey.header("Session").of(request, jar));
        assertEquals("/a%20b/c", RequestKey.path().of(request, jar));
        assertEquals("me", RequestKey.query("user").of(request, jar));
        assertEquals("7", RequestKey.cookie("id").of(request, jar));
        assertEquals("42", RequestKey.cookie("sid").of(request, jar));
        assertEquals("", RequestKey.cookie("empty").of(request, jar));
    }

    @Test
    @DisplayName("1. affinity: what is not there is no key")
    void whatIsNotThere() {
        Request request = Fleet.get("http://orders/");

        assertEquals(null, RequestKey.header("Session").of(request, CookieJar.NO_COOKIES));
        assertEquals(null, RequestKey.query("user").of(request, CookieJar.NO_COOKIES));
        assertEquals(null, RequestKey.cookie("sid").of(request, CookieJar.NO_COOKIES));
    }

    @Test
    @DisplayName("1. affinity: where the key throws, the call goes anywhere, and the pool counts it")
    void aThrowingKeyIsContained() throws IOException {
        OkHttpClient client = keyed((request, cookies) -> {
            throw new IllegalStateException("no idea");
        });

        Fleet.call(client);

        assertEquals(1, fleet.requests.size());
        assertEquals(1, fleet.balancer.pool().faults().count());
    }

    @Test
    @DisplayName(
            "1. affinity: a session stays where it was, and the others' round robin goes on as if it were not there")
    void stickinessDoesNotMoveRoundRobin() throws IOException {
        OkHttpClient client = sticky(SESSION, 100);
        String home = call(client, "s1");
        String second = Fleet.call(client);
        String third = Fleet.call(client);
        assertEquals(Set.of("b0", "b1", "b2"), Set.of(home, second, third));

        for (int round = 0; round < 5; round++) {
            for (String expected : List.of(home, second, third)) {
                assertEquals(home, call(client, "s1"));
                assertEquals(expected, Fleet.call(client));
            }
        }
    }

    @Test
    @DisplayName("1. affinity: a session whose backend is gone moves once, and stays there")
    void aSessionMovesOnce() throws IOException {
        OkHttpClient client = sticky(SESSION, 100);
        String first = call(client, "s1");
        fleet.stop(first.charAt(1) - '0');

        String second = call(client, "s1");

        assertNotEquals(first, second);
        for (int call = 0; call < 6; call++) {
            assertEquals(second, call(client, "s1"));
        }
    }

    @Test
    @DisplayName("1. affinity: a session that the answer begins, by a cookie, stays with who answered")
    void theAnswerBeginsTheSession() throws IOException {
        fleet.answering((server, request) -> new MockResponse.Builder()
                .setHeader("Set-Cookie", "sid=42")
                .body("b" + server)
                .build());
        OkHttpClient client = sticky(RequestKey.cookie("sid"), 100)
                .newBuilder()
                .cookieJar(new OneCookie("theme", "dark"))
                .build();
        String home = Fleet.call(client);

        for (int call = 0; call < 6; call++) {
            assertEquals(home, Fleet.call(client));
        }
    }

    @Test
    @DisplayName("1. affinity: of more sessions than may be remembered, the one that was idle longest is forgotten")
    void sessionsAreForgotten() throws IOException {
        OkHttpClient client = sticky(SESSION, 2);
        String one = call(client, "s1"); // round robin: one, two, three are three backends
        String two = call(client, "s2");
        assertEquals(one, call(client, "s1"));
        String three = call(client, "s3");

        assertEquals(one, call(client, "s1"));
        assertEquals(three, call(client, "s3"));
        assertNotEquals(two, call(client, "s2"), "it is new, and the next in order is the first");
    }

    @Test
    @DisplayName("1. affinity: to remember nobody is no stickiness")
    void atLeastOneSession() {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> LoadBalancingInterceptor.builder().sticky(SESSION, 0));

        assertEquals("most: 0 (expected: >= 1)", thrown.getMessage());
    }

    /** Has one cookie, and takes what the latest answer sets in its place. */
    private static final class OneCookie implements CookieJar {
        private List<Cookie> cookies;

        OneCookie(String name, String value) {
            cookies = List.of(new Cookie.Builder()
                    .domain("orders")
                    .name(name)
                    .value(value)
                    .build());
        }

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            this.cookies = cookies;
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return cookies;
        }
    }
}
