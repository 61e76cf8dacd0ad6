package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections belong to one backend each, though all of them are for one logical host and in one pool. */
@Tag("okhttp")
class OwnConnectionsTest {
    private static final int THREADS = 8;
    private static final int CALLS = 40;

    private final Certificates certificates = Certificates.of("orders");

    private Fleet fleet(boolean http2, int size) throws IOException {
        return http2 ? Fleet.overTls(size, certificates.server()) : Fleet.of(size);
    }

    private OkHttpClient client(Fleet fleet, boolean http2, FailoverPolicy policy) {
        return LoadBalancingInterceptor.builder()
                .route(url(http2), fleet.balancer)
                .failover(policy)
                .build()
                .install(certificates.client())
                .build();
    }

    private static String url(boolean http2) {
        return http2 ? "https://orders/" : "http://orders/";
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. R2: whoever is picked is who answers, among many calls at a time")
    void whoeverIsPickedIsWhoAnswers(boolean http2) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Fleet fleet = fleet(http2, 3)) {
            OkHttpClient client = client(fleet, http2, FailoverPolicy.defaults());
            Queue<String> strayed = new ConcurrentLinkedQueue<>();

            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        Call call = client.newCall(Fleet.get(url(http2)));
                        String answer = Fleet.body(call);
                        if (!Attempts.of(call).toString().equals(answer + " SUCCESS")) {
                            strayed.add(Attempts.of(call) + " was answered by " + answer);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }

            assertEquals(List.of(), List.copyOf(strayed));
            assertEquals(THREADS * CALLS, fleet.requests.size());
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. R5: a second attempt leaves the connection that the call holds, and gives it back alive")
    void aSecondAttemptLeavesTheConnection(boolean http2) throws IOException {
        try (Fleet fleet = fleet(http2, 2)) {
            fleet.answering((server, request) -> server == 0 ? Fleet.status(503) : Fleet.text("b1"));
            OkHttpClient client = client(fleet, http2, FailoverPolicy.defaults().withStatuses(503));

            for (int i = 0; i < 6; i++) {
                assertEquals("b1", Fleet.body(client.newCall(Fleet.get(url(http2)))));
            }

            assertEquals(6, fleet.requestsOf(1));
            assertEquals(fleet.picks(), fleet.requests.size());
            assertEquals(1, fleet.connectionsOf(0));
            assertEquals(1, fleet.connectionsOf(1));
            assertEquals(2, client.connectionPool().idleConnectionCount());
        }
    }

    @Test
    @DisplayName("1. R14: all connections are in the client's own pool, where none stays that the server has ended")
    void connectionsThatEndLeaveThePool() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            OkHttpClient client = fleet.client();
            fleet.answering(new MockResponse.Builder()
                    .setHeader("Connection", "close")
                    .body("bye")
                    .build());

            for (int i = 0; i < 30; i++) {
                assertEquals("bye", Fleet.call(client));
            }

            assertEquals(0, client.connectionPool().connectionCount());
        }
    }

    @Test
    @DisplayName("1. R14: the pool's limit of idle connections holds for those of all backends together")
    void theLimitOfIdleConnectionsHolds() throws IOException {
        try (Fleet fleet = Fleet.of(6)) {
            OkHttpClient client = fleet.client()
                    .newBuilder()
                    .connectionPool(new ConnectionPool(2, 5, TimeUnit.MINUTES))
                    .build();
            List<Response> open = new ArrayList<>();

            for (int i = 0; i < 6; i++) {
                Request request = Fleet.get("http://orders/");
                open.add(client.newCall(request).execute());
            }
            assertTrue(client.connectionPool().connectionCount() >= 6, "each has one while its body is open");
            open.forEach(Response::close);

            Await.until("two are left", () -> client.connectionPool().connectionCount() == 2);
        }
    }
}
