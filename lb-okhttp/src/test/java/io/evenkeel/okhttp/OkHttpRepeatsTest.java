package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OkHttp sends again by itself, below us. */
@Tag("okhttp")
@Timeout(60)
class OkHttpRepeatsTest {
    private static final String URL = "http://orders/";
    private static final FailoverPolicy POLICY = FailoverPolicy.defaults().withBackOff(Duration.ZERO);
    private static final FailoverPolicy STRICT = POLICY.withStrict(true);

    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(1);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private long posts() {
        return fleet.requests.stream()
                .filter(request -> "POST".equals(request.getMethod()))
                .count();
    }

    private static MockResponse again(int status) {
        return Fleet.status(status).newBuilder().setHeader("Retry-After", "0").build();
    }

    /** A client that keeps a connection, on which the next POST dies before its answer; a further one would be answered. */
    private OkHttpClient withABreakingConnection(FailoverPolicy policy) throws IOException {
        OkHttpClient client = fleet.client(policy);
        Fleet.call(client);
        fleet.answering((server, request) -> posts() == 1 ? EndOfLoadTest.dyingAtOnce() : Fleet.text("paid"));
        return client;
    }

    @Test
    @DisplayName("1. R11: a POST on a kept connection that breaks is sent again, as OkHttp does")
    void aKeptConnectionThatBreaks() throws IOException {
        OkHttpClient client = withABreakingConnection(POLICY);

        assertEquals("paid", Fleet.body(client.newCall(Fleet.post(URL))));

        assertEquals(2, posts());
    }

    @Test
    @DisplayName("1. R11: a POST reaches servers exactly once if strict")
    void aKeptConnectionThatBreaksIfStrict() throws IOException {
        OkHttpClient client = withABreakingConnection(STRICT);

        assertThrows(IOException.class, () -> Fleet.body(client.newCall(Fleet.post(URL))));

        assertEquals(1, posts());
    }

    @ParameterizedTest
    @CsvSource({"503, false, 2", "503, true, 1", "408, false, 2", "408, true, 1"})
    @DisplayName("1. R11: a POST that is answered 408, or 503 with Retry-After: 0, reaches the server once if strict")
    void anAnswerThatAsksForMore(int status, boolean strict, int expected) throws IOException {
        fleet.answering(again(status));

        Fleet.body(fleet.client(POLICY.withStrict(strict)).newCall(Fleet.post(URL)));

        assertEquals(expected, posts());
    }

    @Test
    @DisplayName("1. R11: strict does not matter to what is idempotent")
    void strictLeavesGetsAlone() throws IOException {
        OkHttpClient client = fleet.client(STRICT);
        fleet.answering(again(503));

        Fleet.call(client);

        assertEquals(2, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R11: a method without a body is sent once, too, if strict")
    void aMethodWithoutABody() throws IOException {
        OkHttpClient client = fleet.client(STRICT);
        Fleet.call(client);
        fleet.answering(EndOfLoadTest.dyingAtOnce());
        Request lock = new Request.Builder().url(URL).method("LOCK", null).build();

        assertThrows(IOException.class, () -> Fleet.body(client.newCall(lock)));

        assertEquals(2, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R11: a strict POST is redirected all the same")
    void strictFollowsRedirects() throws IOException {
        fleet.answering((server, request) -> request.getTarget().equals("/there")
                ? Fleet.text("there")
                : Fleet.redirect("/there").newBuilder().code(307).build());

        String body = Fleet.body(fleet.client(STRICT).newCall(Fleet.post(URL)));

        assertEquals("there", body);
        assertEquals(2, posts());
    }

    @Test
    @DisplayName("1. R11: a strict POST is authenticated all the same")
    void strictAuthenticates() throws IOException {
        fleet.answering((server, request) ->
                request.getHeaders().get("Authorization") == null ? Fleet.status(401) : Fleet.text("welcome"));
        OkHttpClient client = fleet.client(STRICT)
                .newBuilder()
                .authenticator((route, response) -> response.request()
                        .newBuilder()
                        .header("Authorization", Credentials.basic("me", "secret"))
                        .build())
                .build();

        assertEquals("welcome", Fleet.body(client.newCall(Fleet.post(URL))));
    }

    @Test
    @DisplayName("1. R11: a strict POST that breaks off after a redirect is not sent again")
    void strictHoldsAfterARedirect() throws IOException {
        OkHttpClient client = fleet.client(STRICT);
        fleet.answering((server, request) -> request.getTarget().equals("/there")
                ? EndOfLoadTest.dyingAtOnce()
                : Fleet.redirect("/there").newBuilder().code(307).build());

        assertThrows(IOException.class, () -> Fleet.body(client.newCall(Fleet.post(URL))));

        assertEquals(2, posts());
    }

    @Test
    @DisplayName("1. R11: a strict body says of itself what the caller's does")
    void theBodyIsTheCallers() throws IOException {
        fleet.answering((server, request) -> Fleet.text(request.getHeaders().get("Content-Length") + " "
                + request.getHeaders().get("Content-Type")));
        RequestBody body = RequestBody.create("pay", MediaType.get("text/pay"));
        Request post = new Request.Builder().url(URL).post(body).build();

        assertEquals(
                "3 text/pay; charset=utf-8", Fleet.body(fleet.client(STRICT).newCall(post)));
    }

    @Test
    @DisplayName("6. R11: what OkHttp repeats is taken from the budget")
    void repeatsCostTheBudget() throws IOException {
        try (Fleet two = Fleet.of(2)) {
            two.answering(again(503));
            FailoverPolicy one = POLICY.withStatuses(503).withBudget(0, 1);

            Fleet.call(two.client(builder -> builder.failover(one).nanoClock(() -> 1)));

            assertEquals(2, two.requests.size(), "the one repeat of the second was OkHttp's");
            assertEquals(1, two.picks());
        }
    }

    @Test
    @DisplayName("6. R11: redirects within the host cost nothing")
    void redirectsAreFree() throws IOException {
        try (Fleet two = Fleet.of(2)) {
            two.answering((server, request) ->
                    request.getTarget().equals("/there") ? Fleet.status(503) : Fleet.redirect("/there"));
            FailoverPolicy one = POLICY.withStatuses(503).withBudget(0, 1);

            Fleet.call(two.client(builder -> builder.failover(one).nanoClock(() -> 1)));

            assertEquals(2, two.picks());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. R10: fast fallback does not race two backends")
    void fastFallbackDoesNotRace(boolean fastFallback) throws IOException {
        AtomicInteger connects = new AtomicInteger();
        try (Fleet three = Fleet.of(3)) {
            OkHttpClient client = three.client()
                    .newBuilder()
                    .fastFallback(fastFallback)
                    .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
                    .eventListener(new EventListener() {
                        @Override
                        public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
                            connects.incrementAndGet();
                        }
                    })
                    .build();

            for (int call = 0; call < 9; call++) {
                Fleet.body(client.newCall(Fleet.post(URL)));
            }

            assertEquals(9, three.requests.size());
            assertEquals(9, connects.get());
        }
    }
}
