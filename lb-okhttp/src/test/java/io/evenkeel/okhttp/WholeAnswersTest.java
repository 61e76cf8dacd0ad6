package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.GzipSink;
import okio.Sink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are read to their end before they are handed on, and what then becomes of those that have none. */
@Tag("okhttp")
class WholeAnswersTest {
    private static final String URL = "http://orders/";
    static final int SIZE = 300_000;
    static final String PAGE = "x".repeat(SIZE);
    static final FailoverPolicy WHOLE = FailoverPolicy.defaults().withWholeAnswers(SIZE);

    private final AtomicInteger asked = new AtomicInteger();
    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(2);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    static MockResponse.Builder page() {
        return new MockResponse.Builder().body(PAGE);
    }

    /** Breaks off in the middle of its body. */
    private static MockResponse broken(MockResponse.Builder answer) {
        return answer.onResponseBody(new SocketEffect.CloseSocket()).build();
    }

    static MockResponse stalled(MockResponse.Builder answer) {
        return answer.onResponseBody(SocketEffect.Stall.INSTANCE).build();
    }

    /** The first request gets this, whichever server it comes to, and each later one a page. */
    private void answeringFirst(MockResponse first) {
        fleet.answering((server, request) -> asked.getAndIncrement() == 0 ? first : page().build());
    }

    private Call get(FailoverPolicy policy) {
        return fleet.client(policy).newCall(Fleet.get(URL));
    }

    private static CompletableFuture<String> enqueue(Call call) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        call.enqueue(new Completing(answer));
        return answer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. whole answers: one that breaks off is repeated on another backend")
    void oneThatBreaksOffIsRepeated(boolean http2) throws IOException {
        Certificates certificates = Certificates.of("orders");
        String origin = http2 ? "https://orders/" : URL;
        if (http2) {
            fleet.close();
            fleet = Fleet.overTls(2, certificates.server());
        }
        answeringFirst(broken(page()));
        OkHttpClient client = LoadBalancingInterceptor.builder()
                .route(origin, fleet.balancer)
                .failover(WHOLE)
                .build()
                .install(certificates.client())
                .build();
        Call call = client.newCall(Fleet.get(origin));

        try (Response answer = call.execute()) {
            assertEquals(http2 ? Protocol.HTTP_2 : Protocol.HTTP_1_1, answer.protocol());
            assertEquals(PAGE, answer.body().string());
        }

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
        assertEquals(2, Attempts.of(call).all().size());
        assertEquals(1, fleet.requestsOf(0));
        assertEquals(1, fleet.requestsOf(1));
    }

    @Test
    @DisplayName("1. whole answers: one without a length that breaks off is repeated")
    void oneWithoutALengthIsRepeated() throws IOException {
        answeringFirst(broken(new MockResponse.Builder().chunkedBody(PAGE, 1_000)));

        assertEquals(PAGE, Fleet.body(get(WHOLE)));

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: one that OkHttp unzips is repeated, and looks as ever")
    void oneThatIsUnzippedIsRepeated() throws IOException {
        Buffer zipped = zipped(PAGE);
        MockResponse.Builder answer =
                new MockResponse.Builder().setHeader("Content-Encoding", "gzip").body(zipped.clone());
        MockResponse broken = broken(answer.clone());
        fleet.answering((server, request) -> asked.getAndIncrement() == 0 ? broken : answer.build());

        try (Response unzipped = get(WHOLE).execute()) {
            assertEquals(-1, unzipped.body().contentLength());
            assertEquals(PAGE, unzipped.body().string());
        }

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: one that cannot be unzipped is a failure of its backend, and repeated")
    void oneThatCannotBeUnzippedIsRepeated() throws IOException {
        answeringFirst(new MockResponse.Builder()
                .setHeader("Content-Encoding", "gzip")
                .body(PAGE)
                .build());

        assertEquals(PAGE, Fleet.body(get(WHOLE)));

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
    }

    private static Buffer zipped(String text) throws IOException {
        Buffer zipped = new Buffer();
        try (Sink sink = new GzipSink(zipped)) {
            sink.write(new Buffer().writeUtf8(text), text.length());
        }
        return zipped;
    }

    @Test
    @DisplayName("1. whole answers: one that stalls is a timeout, and repeated")
    void oneThatStallsIsRepeated() throws IOException {
        answeringFirst(stalled(page()));

        assertEquals(PAGE, Fleet.body(get(WHOLE.withStallTimeout(Duration.ofMillis(500)))));

        fleet.assertOutcomes(Outcome.TIMEOUT, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: when all break off, the last failure names the others")
    void whenAllBreakOffTheLastFailureNamesTheOthers() {
        fleet.answering(broken(page()));

        IOException thrown = assertThrows(ProtocolException.class, () -> Fleet.body(get(WHOLE.withAttempts(2))));

        assertEquals(1, thrown.getSuppressed().length);
        assertInstanceOf(ProtocolException.class, thrown.getSuppressed()[0]);
        fleet.assertOutcomes(Outcome.FAILURE, Outcome.FAILURE);
    }

    @Test
    @DisplayName("1. whole answers: to repeat one costs the budget")
    void toRepeatOneCostsTheBudget() {
        fleet.answering(broken(page()));

        assertThrows(ProtocolException.class, () -> Fleet.body(get(WHOLE.withBudget(0, 0))));

        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. whole answers: the body is as it would have been, and its backend has done its part already")
    void theBodyIsAsItWouldHaveBeen() throws IOException {
        fleet.answering(page().setHeader("Content-Type", "text/plain")
                .trailers(Headers.of("checksum", "42"))
                .chunkedBody(PAGE, 1_000)
                .build());

        try (Response answer = get(WHOLE).execute()) {
            assertEquals(0, fleet.inFlight());
            assertEquals("text/plain", String.valueOf(answer.body().contentType()));
            assertEquals(-1, answer.body().contentLength());
            assertEquals(PAGE, answer.body().string());
            assertEquals("42", answer.trailers().get("checksum"));
        }

        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: one that nobody reads or closes keeps no connection")
    void oneThatNobodyReadsKeepsNoConnection() throws IOException {
        fleet.answering(page().build());
        OkHttpClient client = fleet.client(WHOLE);

        Response unclosed = client.newCall(Fleet.get(URL)).execute();

        assertEquals(SIZE, unclosed.body().contentLength());
        assertEquals(1, client.connectionPool().idleConnectionCount());
        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304", "GET, 200"})
    @DisplayName("1. whole answers: one without a body is one")
    void oneWithoutABody(String method, int code) throws IOException {
        MockResponse.Builder answer = new MockResponse.Builder().code(code);
        fleet.answering(
                method.equals("HEAD")
                        ? answer.setHeader("Content-Length", 1_000).build()
                        : answer.build());
        Request request = new Request.Builder().url(URL).method(method, null).build();

        try (Response unread = fleet.client(WHOLE).newCall(request).execute()) {
            assertEquals(code, unread.code());
        }

        assertEquals(1, fleet.picks());
        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: a web socket is none")
    void aWebSocketIsNone() {
        fleet.answering(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {})
                .build());
        CompletableFuture<Integer> code = new CompletableFuture<>();

        WebSocket socket = fleet.client(WHOLE).newWebSocket(Fleet.get(URL), new WebSocketListener() {
            @Override
            public void onOpen(WebSocket opened, Response response) {
                code.complete(response.code());
            }

            @Override
            public void onFailure(WebSocket failed, Throwable failure, @Nullable Response response) {
                code.completeExceptionally(failure);
            }
        });

        assertEquals(101, code.join());
        assertEquals(1, fleet.inFlight());
        socket.cancel();
        fleet.assertOutcomes(Outcome.CANCELLED);
    }

    @Test
    @DisplayName("1. whole answers: one goes into the cache, and what the cache has is none, be it asked about again")
    void whatTheCacheHasIsNone(@TempDir Path directory) throws IOException {
        fleet.answering((server, request) -> request.getHeaders().get("If-None-Match") != null
                ? Fleet.status(304)
                : page().setHeader("ETag", "v1").build());
        try (Cache cache = new Cache(directory.toFile(), 10_000_000)) {
            OkHttpClient client = fleet.client(WHOLE).newBuilder().cache(cache).build();
            client.newCall(Fleet.get(URL)).execute(); // neither read nor closed, and cached all the same

            assertEquals(PAGE, Fleet.call(client));

            assertEquals(1, cache.hitCount());
            fleet.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("1. whole answers: latency is the time until the headers, and a cancel is the end")
    void latencyIsTheTimeUntilTheHeaders() {
        fleet.answering(stalled(page()));
        Call call = get(WHOLE);
        CompletableFuture<String> answer = enqueue(call);
        Await.until("the headers are here", () -> timedPicks() == 1);
        assertFalse(answer.isDone());
        assertEquals(1, fleet.inFlight());

        call.cancel();

        assertThrows(CompletionException.class, answer::join);
        fleet.assertOutcomes(Outcome.CANCELLED);
        assertEquals(1, fleet.requests.size());
    }

    private long timedPicks() {
        return fleet.balancer.pool().snapshot().members().stream()
                .map(member -> member.load())
                .mapToLong(LoadStats::timedPicks)
                .sum();
    }

    @Test
    @DisplayName("1. whole answers: the call timeout spans the body, and nobody else is asked after it")
    void theCallTimeoutSpansTheBody() {
        fleet.answering(stalled(page()));
        OkHttpClient client = fleet.client(WHOLE)
                .newBuilder()
                .callTimeout(500, TimeUnit.MILLISECONDS)
                .build();

        assertThrows(InterruptedIOException.class, () -> Fleet.call(client));

        fleet.assertOutcomes(Outcome.TIMEOUT);
        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. whole answers: a redirect is followed before, and what it leads to is read whole")
    void whatARedirectLeadsToIsReadWhole() throws IOException {
        fleet.answering((server, request) -> {
            if (request.getTarget().equals("/")) {
                return Fleet.redirect("/there");
            }
            return asked.getAndIncrement() == 0 ? broken(page()) : page().build();
        });

        assertEquals(PAGE, Fleet.body(get(WHOLE)));

        assertEquals(4, fleet.requests.size());
        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: with Call.Factory, too")
    void withCallFactoryToo() throws IOException {
        answeringFirst(broken(page()));

        assertEquals(PAGE, Fleet.body(raced(CallPolicy.defaults())));

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. whole answers: the limit of an attempt is one for the body, too")
    void theLimitOfAnAttemptSpansTheBody() throws IOException {
        answeringFirst(stalled(page()));

        // Long for a loaded machine, and still the length of a test.
        assertEquals(PAGE, Fleet.body(raced(CallPolicy.defaults().withAttemptTimeout(Duration.ofSeconds(2)))));

        fleet.assertOutcomes(Outcome.TIMEOUT, Outcome.SUCCESS);
    }

    private Call raced(CallPolicy policy) {
        LoadBalancingInterceptor interceptor = LoadBalancingInterceptor.builder()
                .route("http://orders", fleet.balancer)
                .failover(WHOLE)
                .build();
        OkHttpClient client = interceptor.install(new OkHttpClient.Builder()).build();
        return interceptor.callFactory(client, policy).newCall(Fleet.get(URL));
    }
}
