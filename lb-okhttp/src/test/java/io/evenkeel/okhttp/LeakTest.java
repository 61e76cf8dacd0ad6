package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.testing.EventLog;
import io.evenkeel.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(60)
class LeakTest {
    private static final Duration AGE = Duration.ofMinutes(10);

    private final VirtualTime time = new VirtualTime();
    private final EventLog log = new EventLog();

    @Test
    @DisplayName("1. R6: an answer that nobody closes is told of without its query, and is load no longer")
    void aForgottenAnswerIsFound() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = client(fleet);
            Response forgotten = client.newCall(Fleet.get("http://orders/items?token=secret"))
                    .execute();

            time.advance(AGE.minusNanos(1));
            Fleet.call(client);
            assertEquals(1, fleet.inFlight());
            time.advance(AGE);
            fleet.balancer.pool().listen(log);
            Fleet.call(client);

            assertEquals(
                    List.of("leaked b0 GET http://orders:80/items after PT19M59.999999999S", "completed b0 SUCCESS"),
                    log.lines().stream()
                            .filter(line -> line.startsWith("leaked") || line.startsWith("completed"))
                            .limit(2)
                            .toList());
            assertEquals(0, fleet.inFlight());
            forgotten.close(); // late, and nobody minds
            assertEquals(0, fleet.inFlight());
        }
    }

    @Test
    @DisplayName("1. R6, R17: a stream of events may last")
    void aStreamOfEventsIsNotForgotten() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = client(fleet);
            Request events = new Request.Builder()
                    .url("http://orders/events")
                    .header("Accept", "text/event-stream")
                    .build();

            try (Response stream = client.newCall(events).execute()) {
                time.advance(AGE.multipliedBy(100));
                Fleet.call(client);

                assertEquals(200, stream.code());
                assertEquals(1, fleet.inFlight());
            }
        }
    }

    @Test
    @DisplayName("1. R6: of a hundred forgotten answers among a thousand others, each one is found")
    void manyAreFound() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            fleet.answering(new MockResponse.Builder().body("x".repeat(10)).build());
            OkHttpClient client = client(fleet);
            List<Response> forgotten = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                forgotten.add(client.newCall(Fleet.get("http://orders/")).execute());
                for (int j = 0; j < 10; j++) {
                    Fleet.call(client);
                }
            }
            assertEquals(100, fleet.inFlight());

            time.advance(AGE);
            Fleet.call(client);

            assertEquals(0, fleet.inFlight());
            forgotten.forEach(Response::close);
        }
    }

    private OkHttpClient client(Fleet fleet) {
        return LoadBalancingInterceptor.builder()
                .route("http://orders", fleet.balancer)
                .connections(ConnectionPolicy.defaults().withLeakAge(AGE))
                .by(time::nanoTime, new Random(1))
                .build()
                .install(new OkHttpClient.Builder())
                .build();
    }
}
