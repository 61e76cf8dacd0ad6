package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import okio.Socket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which a call can stop to need its backend. */
@Tag("okhttp")
@Timeout(60)
class EndOfLoadTest {
    private static final String URL = "http://orders/";

    private Fleet fleet;
    private OkHttpClient client;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(1);
        client = fleet.client();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    static MockResponse dyingAtOnce() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build();
    }

    private static MockResponse.Builder large() {
        return new MockResponse.Builder().body(new Buffer().write(new byte[4_000_000]));
    }

    private static MockResponse stalledInTheMiddle() {
        return large().onResponseBody(SocketEffect.Stall.INSTANCE).build();
    }

    private Response get() throws IOException {
        return client.newCall(Fleet.get(URL)).execute();
    }

    @Test
    @DisplayName("1. R6: a streamed body is load until its end")
    void aStreamedBodyIsLoadUntilItsEnd() throws IOException {
        fleet.answering(large().build());

        try (Response response = get()) {
            response.body().source().readByte();
            assertEquals(1, fleet.inFlight());
            response.body().source().readByteArray();
        }

        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R6: a body that is closed half read is no load any more")
    void aBodyThatIsClosedHalfReadIsNoLoadAnyMore() throws IOException {
        fleet.answering(large().build());

        get().close();

        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @CsvSource({"200, SUCCESS", "404, SUCCESS", "429, SUCCESS", "500, FAILURE", "503, FAILURE"})
    @DisplayName("1. R6: errors of the server are failures")
    void errorsOfTheServerAreFailures(int code, Outcome outcome) throws IOException {
        fleet.answering(Fleet.status(code));

        get().close();

        fleet.assertOutcomes(outcome);
    }

    @ParameterizedTest
    @CsvSource({"GET, 204", "GET, 304", "GET, 200", "HEAD, 200"})
    @DisplayName("1. R6: an answer without a body needs no close")
    void anAnswerWithoutABodyNeedsNoClose(String method, int code) throws IOException {
        MockResponse.Builder answer = new MockResponse.Builder().code(code);
        fleet.answering(
                method.equals("HEAD")
                        ? answer.setHeader("Content-Length", 1_000).build()
                        : answer.build());

        Response unclosed = client.newCall(
                        new Request.Builder().url(URL).method(method, null).build())
                .execute();

        assertEquals(code, unclosed.code());
        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R6: a body that is read to the last byte and not closed is no load any more")
    void aBodyThatIsReadToTheLastByteAndNotClosedIsNoLoadAnyMore() throws IOException {
        fleet.answering(Fleet.text("12345"));

        Response unclosed = get();
        assertEquals("12345", unclosed.body().source().readUtf8(5));

        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R6: a server that dies before its headers is a failure")
    void aServerThatDiesBeforeItsHeadersIsAFailure() {
        fleet.answering(dyingAtOnce());

        assertThrows(IOException.class, this::get);

        fleet.assertOutcomes(Outcome.FAILURE);
    }

    @Test
    @DisplayName("1. R6: a server that dies in the middle of the body is a failure")
    void aServerThatDiesInTheMiddleOfTheBodyIsAFailure() throws IOException {
        fleet.answering(large().onResponseBody(new SocketEffect.CloseSocket()).build());

        try (Response response = get()) {
            assertThrows(IOException.class, () -> response.body().bytes());
        }

        fleet.assertOutcomes(Outcome.FAILURE);
    }

    @Test
    @DisplayName("1. R6: a read timeout before the headers is a timeout")
    void aReadTimeoutBeforeTheHeadersIsATimeout() {
        fleet.answering(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        client = client.newBuilder().readTimeout(100, TimeUnit.MILLISECONDS).build();

        assertThrows(SocketTimeoutException.class, this::get);

        fleet.assertOutcomes(Outcome.TIMEOUT);
    }

    @Test
    @DisplayName("1. R6: a read timeout in the middle of the body is a timeout")
    void aReadTimeoutInTheMiddleOfTheBodyIsATimeout() throws IOException {
        fleet.answering(stalledInTheMiddle());
        client = client.newBuilder().readTimeout(100, TimeUnit.MILLISECONDS).build();

        try (Response response = get()) {
            assertThrows(SocketTimeoutException.class, () -> response.body().bytes());
        }

        fleet.assertOutcomes(Outcome.TIMEOUT);
    }

    @Test
    @DisplayName("1. R6: a call timeout before the headers is a timeout and tries nobody else")
    void aCallTimeoutBeforeTheHeadersIsATimeoutAndTriesNobodyElse() {
        fleet.answering(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        client = client.newBuilder().callTimeout(200, TimeUnit.MILLISECONDS).build();

        assertThrows(InterruptedIOException.class, this::get);

        fleet.assertOutcomes(Outcome.TIMEOUT);
    }

    @Test
    @DisplayName("1. R6: a call timeout in the middle of the body is a timeout")
    void aCallTimeoutInTheMiddleOfTheBodyIsATimeout() throws IOException {
        fleet.answering(stalledInTheMiddle());
        client = client.newBuilder().callTimeout(200, TimeUnit.MILLISECONDS).build();

        try (Response response = get()) {
            assertThrows(InterruptedIOException.class, () -> response.body().bytes());
        }

        fleet.assertOutcomes(Outcome.TIMEOUT);
    }

    @Test
    @DisplayName("1. R6: a cancel before the headers blames nobody")
    void aCancelBeforeTheHeadersBlamesNobody() {
        fleet.answering(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        Call call = client.newCall(Fleet.get(URL));
        Thread canceller = new Thread(() -> {
            Await.until("the request has arrived", () -> fleet.requests.size() == 1);
            call.cancel();
        });
        canceller.start();

        assertThrows(IOException.class, call::execute);

        fleet.assertOutcomes(Outcome.CANCELLED);
    }

    @Test
    @DisplayName("1. R6: a cancel is the end though the response is dropped")
    void aCancelIsTheEndThoughTheResponseIsDropped() throws IOException {
        fleet.answering(stalledInTheMiddle());
        Call call = client.newCall(Fleet.get(URL));
        Response dropped = call.execute();
        assertEquals(1, fleet.inFlight());

        call.cancel();

        fleet.assertOutcomes(Outcome.CANCELLED);
        dropped.close();
    }

    @Test
    @DisplayName("1. R6: server sent events are load until they are cancelled")
    void serverSentEventsAreLoadUntilTheyAreCancelled() throws IOException {
        Buffer events = new Buffer();
        for (int i = 0; i < 50_000; i++) {
            events.writeUtf8("data: tick\n\n");
        }
        fleet.answering(new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .chunkedBody(events, 12)
                .throttleBody(120, 20, TimeUnit.MILLISECONDS)
                .build());
        Call call = client.newCall(Fleet.get(URL));

        try (Response response = call.execute()) {
            assertEquals("data: tick", response.body().source().readUtf8Line());
            assertEquals(1, fleet.inFlight());
            call.cancel();
        }

        fleet.assertOutcomes(Outcome.CANCELLED);
    }

    @Test
    @DisplayName("1. R6: a web socket is load until it is closed")
    void aWebSocketIsLoadUntilItIsClosed() {
        fleet.answering(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onClosing(WebSocket socket, int code, String reason) {
                        socket.close(code, reason);
                    }
                })
                .build());
        Greeter greeter = new Greeter();

        WebSocket socket = client.newWebSocket(Fleet.get(URL), greeter);
        Await.until("the socket is open", () -> greeter.open);
        assertEquals(1, fleet.inFlight());
        assertTrue(socket.close(1_000, "bye"));

        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R6: a redirect inside is one pick until the last body")
    void aRedirectInsideIsOnePickUntilTheLastBody() throws IOException {
        fleet.answering(
                (server, request) -> request.getTarget().equals("/there") ? large().build() : Fleet.redirect("/there"));

        try (Response response = get()) {
            assertEquals(1, fleet.inFlight());
            response.body().bytes();
        }

        assertEquals(1, fleet.picks());
        fleet.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R6: an interceptor that throws below is not the backend's fault")
    void anInterceptorThatThrowsBelowIsNotTheBackendsFault() {
        client = client.newBuilder()
                .addNetworkInterceptor(chain -> {
                    throw new IllegalStateException("a bug");
                })
                .build();

        assertThrows(IllegalStateException.class, this::get);

        fleet.assertOutcomes(Outcome.CANCELLED);
    }

    @Test
    @DisplayName("1. R6: an interrupted call blames nobody")
    void anInterruptedCallBlamesNobody() {
        Thread.currentThread().interrupt();

        assertThrows(Exception.class, this::get);

        Thread.interrupted(); // OkHttp may have consumed it, or not
        fleet.assertOutcomes(Outcome.CANCELLED);
    }

    @Test
    @DisplayName("1. R6: a duplex call is load until both directions are over")
    void aDuplexCallIsLoadUntilBothDirectionsAreOver() throws IOException {
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet secure = Fleet.overTls(1, certificates.server())) {
            MockWebServer server = secure.servers.get(0);
            server.setDispatcher(new QueueDispatcher()); // the one that shows an answer before the request is read
            server.enqueue(new MockResponse.Builder()
                    .removeHeader("Content-Length")
                    .socketHandler(EndOfLoadTest::answerWithoutReading)
                    .build());
            OkHttpClient duplex = LoadBalancingInterceptor.builder()
                    .route("https://pay.internal", secure.balancer)
                    .build()
                    .install(certificates.client())
                    .build();
            Duplex body = new Duplex();
            Request post = new Request.Builder()
                    .url("https://pay.internal/")
                    .post(body)
                    .build();

            try (Response response = duplex.newCall(post).execute()) {
                assertEquals(Protocol.HTTP_2, response.protocol());
                assertEquals("all of it", response.body().string());
                assertEquals(1, secure.inFlight());
            }
            body.sink.close();

            secure.assertOutcomes(Outcome.SUCCESS);
        }
    }

    private static void answerWithoutReading(Socket socket) {
        try (BufferedSink out = Okio.buffer(socket.getSink())) {
            out.writeUtf8("all of it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body that goes on after the answer. */
    private static final class Duplex extends RequestBody {
        BufferedSink sink;

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public boolean isDuplex() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            this.sink = sink;
            sink.writeUtf8("begun").flush();
        }
    }

    private static final class Greeter extends WebSocketListener {
        volatile boolean open;

        @Override
        public void onOpen(WebSocket socket, Response response) {
            open = true;
        }
    }
}
