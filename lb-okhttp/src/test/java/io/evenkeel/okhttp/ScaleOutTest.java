package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(60)
class ScaleOutTest {
    private static final Certificates CERTIFICATES = Certificates.of("orders");

    @Test
    @DisplayName("3. from 3 to 5 backends of HTTP/2 under load, the new ones get their fair share at once")
    void newcomersGetTheirShareAtOnce() throws IOException {
        try (Fleet fleet = Fleet.overTls(3, CERTIFICATES.server())) {
            OkHttpClient client = client(fleet);
            call(client, 300);
            int[] before = {fleet.requestsOf(0), fleet.requestsOf(1), fleet.requestsOf(2), 0, 0};

            fleet.balancer.pool().add(fleet.backend(fleet.startAnother()), fleet.backend(fleet.startAnother()));
            call(client, 300);

            for (int i = 0; i < 5; i++) {
                assertEquals(60, fleet.requestsOf(i) - before[i], 6);
                assertEquals(1, fleet.connectionsOf(i));
            }
        }
    }

    @Test
    @DisplayName("3. after remove has returned, no call goes there")
    void noCallGoesToWhoWasRemoved() throws IOException {
        try (Fleet fleet = Fleet.overTls(3, CERTIFICATES.server())) {
            OkHttpClient client = client(fleet);
            call(client, 30);

            fleet.balancer.pool().remove("b1");
            int before = fleet.requestsOf(1);
            call(client, 300);

            assertEquals(10, before);
            assertEquals(before, fleet.requestsOf(1));
        }
    }

    private static OkHttpClient client(Fleet fleet) {
        return LoadBalancingInterceptor.builder()
                .route("https://orders", fleet.balancer)
                .build()
                .install(CERTIFICATES.client().socketFactory(new PromptSockets()))
                .build();
    }

    private static void call(OkHttpClient client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Fleet.body(client.newCall(Fleet.get("https://orders/")));
        }
    }
}
