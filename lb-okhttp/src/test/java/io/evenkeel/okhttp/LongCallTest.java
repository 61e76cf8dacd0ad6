package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
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

/** Calls that are meant to last: streams of events, web sockets, and bodies in both directions at the same time. */
@Tag("okhttp")
@Timeout(60)
class LongCallTest {
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

    @Test
    @DisplayName("1. R6, R17: server sent events are load until they are cancelled")
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
    @DisplayName("1. R6, R17: a web socket is load until it is closed")
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
    @DisplayName("1. R6, R17: a duplex call is load until both directions are over")
    void aDuplexCallIsLoadUntilBothDirectionsAreOver() throws IOException {
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet secure = Fleet.overTls(1, certificates.server())) {
            MockWebServer server = secure.servers.get(0);
            server.setDispatcher(new QueueDispatcher()); // the one that shows an answer before the request is read
            server.enqueue(new MockResponse.Builder()
                    .removeHeader("Content-Length")
                    .socketHandler(LongCallTest::answerWithoutReading)
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
