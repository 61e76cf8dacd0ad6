package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(60)
class WarmUpTest {
    private static final Request HEALTH =
            new Request.Builder().url("http://orders/health").head().build();

    @Test
    @DisplayName("1. R15: after a warm-up each backend has a connection, and calls make no more")
    void eachBackendHasAConnection() throws IOException {
        try (Fleet fleet = Fleet.of(5)) {
            fleet.answering(Fleet.status(204));
            LoadBalancingInterceptor interceptor = fleet.interceptor();
            OkHttpClient client =
                    interceptor.install(new OkHttpClient.Builder()).build();

            int warm = interceptor.warm(client, HEALTH).toCompletableFuture().join();
            assertEquals(5, warm);
            assertEquals(5, client.connectionPool().connectionCount());
            for (int i = 0; i < 25; i++) {
                Fleet.call(client);
            }

            for (int i = 0; i < 5; i++) {
                assertEquals(1 + 5, fleet.requestsOf(i));
                assertEquals(1, fleet.connectionsOf(i));
            }
        }
    }

    @Test
    @DisplayName("1. R15: a backend that cannot be reached is not counted as warm")
    void whoCannotBeReachedIsNotWarm() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            fleet.answering(Fleet.status(204));
            LoadBalancingInterceptor interceptor = fleet.interceptor();
            OkHttpClient client =
                    interceptor.install(new OkHttpClient.Builder()).build();
            fleet.stop(1);

            int warm = interceptor.warm(client, HEALTH).toCompletableFuture().join();

            assertEquals(2, warm);
        }
    }

    @Test
    @DisplayName("1. R15: what leads nowhere is refused")
    void whatLeadsNowhereIsRefused() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            LoadBalancingInterceptor interceptor = fleet.interceptor();
            OkHttpClient client =
                    interceptor.install(new OkHttpClient.Builder()).build();

            assertRefused(
                    "request: http://elsewhere:80 (expected: the origin of a route)",
                    () -> interceptor.warm(client, Fleet.get("http://elsewhere/")));
            assertRefused(
                    "client: lacks this interceptor (expected: one that install was called for)",
                    () -> interceptor.warm(new OkHttpClient(), HEALTH));
        }
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
