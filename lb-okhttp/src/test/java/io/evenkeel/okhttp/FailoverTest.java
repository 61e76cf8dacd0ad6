package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("okhttp")
@Timeout(60)
class FailoverTest {
    @Test
    @DisplayName("1. R10: a call goes to another backend when one refuses connections")
    void aCallGoesToAnotherBackendWhenOneRefusesConnections() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            fleet.stop(0);
            OkHttpClient client = fleet.client();

            for (int i = 0; i < 10; i++) {
                assertEquals("b1", Fleet.call(client));
            }

            assertEquals(10, fleet.requestsOf(1));
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    @DisplayName("1. R10: a body that can be written once is written once")
    void aBodyThatCanBeWrittenOnceIsWrittenOnce() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            fleet.stop(0);
            fleet.stop(1);
            OkHttpClient client = fleet.client();
            for (int i = 0; i < 3; i++) {
                OneShot body = new OneShot();
                Request post =
                        new Request.Builder().url("http://orders/").post(body).build();

                assertEquals("b2", Fleet.body(client.newCall(post)));

                assertEquals(1, body.written.get());
            }
            assertEquals(3, fleet.requestsOf(2));
        }
    }

    @Test
    @DisplayName("1. R10: when all refuse, each is tried once, and the last failure names the others")
    void whenAllRefuseEachIsTriedOnceAndTheLastFailureNamesTheOthers() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            List.of(0, 1, 2).forEach(fleet::stop);
            Call call = fleet.client().newCall(Fleet.get("http://orders/"));

            IOException thrown = assertThrows(ConnectException.class, call::execute);

            assertEquals(2, thrown.getSuppressed().length);
            assertTrue(Arrays.stream(thrown.getSuppressed()).allMatch(ConnectException.class::isInstance));
            fleet.assertOutcomes(Outcome.FAILURE, Outcome.FAILURE, Outcome.FAILURE);
            assertEquals(
                    "b0 FAILURE, b1 FAILURE, b2 FAILURE",
                    Attempts.of(call).all().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    @Test
    @DisplayName("1. R10: when nobody else is left, the failure says so")
    void whenNobodyElseIsLeftTheFailureSaysSo() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            fleet.stop(0);

            IOException thrown = assertThrows(ConnectException.class, () -> Fleet.call(fleet.client()));

            assertEquals(1, thrown.getSuppressed().length);
            assertEquals(
                    "pool \"fleet\" (snapshot 1) has no selectable backend of 1: b0 UP (not probed) (tried already)",
                    thrown.getSuppressed()[0].getMessage());
            fleet.assertOutcomes(Outcome.FAILURE);
        }
    }

    @Test
    @DisplayName("1. R10: attempts are limited")
    void attemptsAreLimited() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            List.of(0, 1, 2).forEach(fleet::stop);
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("http://orders", fleet.balancer)
                    .failover(FailoverPolicy.defaults().withAttempts(2))
                    .build()
                    .install(new OkHttpClient.Builder())
                    .build();

            IOException thrown = assertThrows(ConnectException.class, () -> Fleet.call(client));

            assertEquals(1, thrown.getSuppressed().length);
            assertEquals(2, fleet.picks());
        }
    }

    @Test
    @DisplayName("1. R10: an empty pool is no backend, at once")
    void anEmptyPoolIsNoBackend() {
        try (LoadBalancer empty = LoadBalancer.builder("orders").build()) {
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("http://orders", empty)
                    .build()
                    .install(new OkHttpClient.Builder())
                    .build();

            NoBackendException thrown = assertThrows(NoBackendException.class, () -> Fleet.call(client));

            assertEquals("pool \"orders\" (snapshot 1) has no selectable backend: it is empty", thrown.getMessage());
        }
    }

    @Test
    @DisplayName("1. R10: a TLS handshake that failed is not the end")
    void aFailedTlsHandshakeIsNotTheEndEither() throws IOException {
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet fleet = Fleet.overTls(2, certificates.server());
                Fleet evil = Fleet.overTls(1, Certificates.of("evil.test").server())) {
            fleet.balancer.pool().replace(List.of(evil.backend(0), fleet.backend(1)));
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("https://pay.internal", fleet.balancer)
                    .build()
                    .install(certificates.client())
                    .build();

            for (int i = 0; i < 4; i++) {
                assertEquals("b1", Fleet.body(client.newCall(Fleet.get("https://pay.internal/"))));
            }
            assertEquals(0, evil.requestsOf(0));
        }
    }

    @Test
    @DisplayName("1. R10: a POST that was sent is not repeated elsewhere")
    void aPostThatWasSentIsNotRepeatedElsewhere() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            fleet.answering(EndOfLoadTest.dyingAtOnce());
            RequestBody body = RequestBody.create("pay", MediaType.get("text/plain"));
            Request post =
                    new Request.Builder().url("http://orders/").post(body).build();

            assertThrows(IOException.class, () -> Fleet.body(fleet.client().newCall(post)));

            assertEquals(1, fleet.requests.size());
            fleet.assertOutcomes(Outcome.FAILURE);
        }
    }

    @Test
    @DisplayName("1. R10: a PUT whose body cannot be sent twice is not repeated elsewhere")
    void aPutWhoseBodyCannotBeSentTwiceIsNotRepeatedElsewhere() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            fleet.answering(EndOfLoadTest.dyingAtOnce());
            Request put = new Request.Builder()
                    .url("http://orders/")
                    .put(new OneShot())
                    .build();

            assertThrows(IOException.class, () -> Fleet.body(fleet.client().newCall(put)));

            assertEquals(1, fleet.requests.size());
        }
    }

    @Test
    @DisplayName("1. R10: a GET that breaks off before its answer is repeated on another backend")
    void aGetThatBreaksOffBeforeItsAnswerIsRepeatedOnAnotherBackend() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            fleet.answering((server, request) -> server == 2 ? Fleet.text("b2") : EndOfLoadTest.dyingAtOnce());
            OkHttpClient client =
                    fleet.client(FailoverPolicy.defaults().withBudget(1, 100)); // two retries for each call, if need be

            for (int i = 0; i < 6; i++) {
                assertEquals("b2", Fleet.call(client));
            }

            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    @DisplayName("1. R11: a backend that dies with many kept connections does not use up the budget")
    void aBackendThatDiesWithManyConnectionsDoesNotUseUpTheBudget() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            CyclicBarrier allAreThere = new CyclicBarrier(12);
            fleet.answering((server, request) -> meet(allAreThere, Fleet.text("b" + server)));
            OkHttpClient client = fleet.client(FailoverPolicy.defaults().withBudget(0, 2));
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) { // each needs a connection of its own
                CompletableFuture<String> answer = new CompletableFuture<>();
                client.newCall(Fleet.get("http://orders/")).enqueue(new Completing(answer));
                answers.add(answer);
            }
            answers.forEach(CompletableFuture::join);
            fleet.answering((server, request) -> Fleet.text("b" + server));

            fleet.stop(0);

            assertEquals("b1", Fleet.call(client));
            assertEquals("b1", Fleet.call(client));
        }
    }

    @Test
    @DisplayName("1. R10: a GET on a connection whose backend has died is repeated on another")
    void aGetOnAConnectionWhoseBackendHasDiedIsRepeatedOnAnother() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            OkHttpClient client = fleet.client();
            for (int i = 0; i < 4; i++) {
                Fleet.call(client); // both have a connection that is kept
            }

            fleet.stop(0);

            for (int i = 0; i < 10; i++) {
                assertEquals("b1", Fleet.call(client));
            }
        }
    }

    @Test
    @DisplayName("1. R9: a cancelled call stops at once")
    void aCancelledCallStopsAtOnce() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            List.of(0, 1, 2).forEach(fleet::stop);
            OkHttpClient client = fleet.client()
                    .newBuilder()
                    .eventListener(new EventListener() {
                        @Override
                        public void connectFailed(
                                Call call,
                                InetSocketAddress address,
                                Proxy proxy,
                                @Nullable Protocol protocol,
                                IOException failure) {
                            call.cancel();
                        }
                    })
                    .build();

            assertThrows(IOException.class, () -> Fleet.call(client));

            fleet.assertOutcomes(Outcome.CANCELLED);
        }
    }

    @Test
    @DisplayName("1. R9: a call that was cancelled before is not picked for")
    void aCallThatWasCancelledBeforeItCameHereIsNotPickedFor() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient.Builder client = new OkHttpClient.Builder().addInterceptor(chain -> {
                chain.call().cancel();
                return chain.proceed(chain.request());
            });

            IOException thrown = assertThrows(
                    IOException.class,
                    () -> Fleet.call(fleet.interceptor().install(client).build()));

            assertEquals("Canceled", thrown.getMessage());
            assertEquals(0, fleet.picks());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. R5: somebody else's retry reaches another backend though OkHttp holds the connection")
    void somebodyElsesRetryReachesAnotherBackendThoughOkHttpHoldsTheConnection(boolean http2) throws IOException {
        Certificates certificates = Certificates.of("orders");
        try (Fleet fleet = http2 ? Fleet.overTls(2, certificates.server()) : Fleet.of(2)) {
            String url = http2 ? "https://orders/" : "http://orders/";
            fleet.answering((server, request) -> server == 0 ? Fleet.status(503) : Fleet.text("b1"));
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route(url, fleet.balancer)
                    .build()
                    .install(certificates.client().addInterceptor(FailoverTest::retryOn503))
                    .build();

            for (int i = 0; i < 8; i++) {
                Call call = client.newCall(Fleet.get(url));
                assertEquals("b1", Fleet.body(call));
                assertEquals(
                        "b1 SUCCESS",
                        Attempts.of(call)
                                .all()
                                .get(Attempts.of(call).all().size() - 1)
                                .toString());
            }

            assertEquals(8, fleet.requestsOf(1));
            assertEquals(fleet.picks(), fleet.requests.size(), "every pick reached the backend it was for");
            assertEquals(1, fleet.connectionsOf(0), "the connection was given back alive");
            assertEquals(1, fleet.connectionsOf(1));
            assertEquals(0, fleet.inFlight());
        }
    }

    private static Response retryOn503(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        for (int retry = 0; retry < 3 && response.code() == 503; retry++) {
            response.close();
            response = chain.proceed(chain.request());
        }
        return response;
    }

    private static MockResponse meet(CyclicBarrier all, MockResponse answer) {
        try {
            all.await(30, TimeUnit.SECONDS);
            return answer;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
