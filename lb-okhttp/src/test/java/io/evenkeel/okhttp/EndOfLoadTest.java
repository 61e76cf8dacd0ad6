package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
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
}
