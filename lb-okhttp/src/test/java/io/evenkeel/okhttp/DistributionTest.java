package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("main-job")
@Tag("okhttp")
class DistributionTest {
    private static final int CALLS = 900;

    @Test
    @DisplayName("4 an OkHttp client with keep-alive spreads 900 calls evenly over three backends")
    void callsAreSpreadEvenlyOverOneConnectionPerBackend() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            OkHttpClient client = fleet.client();

            for (int i = 0; i < CALLS; i++) {
                Fleet.call(client);
            }

            assertSpread(fleet, client.connectionPool());
            fleet.requests.forEach(r -> assertEquals("orders", r.getHeaders().get("Host")));
        }
    }

    @Test
    @DisplayName("4 the same over TLS and HTTP/2, with a certificate for the logical name only")
    void callsAreSpreadEvenlyOverHttp2() throws IOException {
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet fleet = Fleet.overTls(3, certificates.server())) {
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("https://pay.internal", fleet.balancer)
                    .build()
                    .install(certificates.client().socketFactory(new PromptSockets()))
                    .build();

            for (int i = 0; i < CALLS; i++) {
                try (Response response =
                        client.newCall(Fleet.get("https://pay.internal/")).execute()) {
                    assertEquals(Protocol.HTTP_2, response.protocol());
                    assertFalse(response.body().string().isEmpty());
                }
            }

            assertSpread(fleet, client.connectionPool());
            fleet.requests.forEach(r -> {
                assertEquals("pay.internal", r.getUrl().host());
                assertEquals(List.of("pay.internal"), r.getHandshakeServerNames());
            });
        }
    }

    private static void assertSpread(Fleet fleet, ConnectionPool pool) {
        for (int server = 0; server < 3; server++) {
            assertEquals(CALLS / 3, fleet.requestsOf(server), 3);
            assertEquals(1, fleet.connectionsOf(server));
        }
        assertEquals(3, pool.connectionCount());
        assertEquals(0, fleet.inFlight());
    }
}
