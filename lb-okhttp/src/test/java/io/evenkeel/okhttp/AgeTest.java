package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import io.evenkeel.testing.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(60)
class AgeTest {
    private static final Duration AGE = Duration.ofMinutes(30);
    private static final Certificates CERTIFICATES = Certificates.of("orders");

    private final VirtualTime time = new VirtualTime();

    @Test
    @DisplayName("1. R13: a connection that has reached its age ends with its call, and the next call gets a new one")
    void anOldConnectionEndsWithItsCall() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = client("http://orders", fleet, new OkHttpClient.Builder());

            Fleet.call(client);
            time.advance(AGE.minusNanos(1));
            Fleet.call(client);
            assertEquals(1, fleet.connectionsOf(0));

            time.advance(Duration.ofNanos(1));
            Fleet.call(client);
            Fleet.call(client);

            assertEquals(2, fleet.connectionsOf(0));
        }
    }

    @Test
    @DisplayName("1. R13: a connection of HTTP/2 that is never idle gets no new calls once old, and ends with its last")
    void anOldConnectionOfHttp2IsReplacedWhileItWorks() throws IOException {
        PromptSockets sockets = new PromptSockets();
        try (Fleet fleet = Fleet.overTls(1, CERTIFICATES.server());
                Held held = new Held()) {
            fleet.answering(held::answer);
            OkHttpClient client =
                    client("https://orders", fleet, CERTIFICATES.client().socketFactory(sockets));
            CompletableFuture<String> slow = new CompletableFuture<>();
            client.newCall(Fleet.get("https://orders/held")).enqueue(new Completing(slow));
            Await.until("the server has it", () -> fleet.requestsOf(0) == 1);

            time.advance(AGE);
            Fleet.body(call(client)); // notices
            assertEquals(1, fleet.connectionsOf(0));
            Fleet.body(call(client));

            assertEquals(2, fleet.connectionsOf(0));
            assertEquals(2, sockets.openTo(fleet.servers.get(0)));
            held.letGo();
            assertEquals("b0", slow.join());
            Await.until("the old one is closed", () -> sockets.openTo(fleet.servers.get(0)) == 1);
            Fleet.body(call(client));
            assertEquals(2, fleet.connectionsOf(0));
        }
    }

    private static Call call(OkHttpClient client) {
        return client.newCall(Fleet.get("https://orders/"));
    }

    private OkHttpClient client(String origin, Fleet fleet, OkHttpClient.Builder client) {
        return LoadBalancingInterceptor.builder()
                .route(origin, fleet.balancer)
                .connections(ConnectionPolicy.defaults().withMaxAge(AGE).withJitter(0))
                .by(time::nanoTime, new Random(1))
                .build()
                .install(client)
                .build();
    }

    @Test
    @DisplayName("1. R13: ages differ by the jitter")
    void agesDiffer() {
        ConnectionPolicy policy = ConnectionPolicy.defaults().withMaxAge(AGE).withJitter(0.5);
        Lifetime lifetime = new Lifetime(policy, () -> 0, new Random(1));

        long[] ages =
                LongStream.generate(lifetime::dueNanos).limit(1_000).sorted().toArray();

        // Of 1,000 numbers spread evenly, the least is in the lowest hundredth but for a chance of 0.99^1000 = 0.00004.
        long half = AGE.toNanos() / 2;
        assertTrue(ages[0] >= half && ages[0] < half + half / 100, "least " + Duration.ofNanos(ages[0]));
        assertTrue(ages[999] <= 2 * half && ages[999] > 2 * half - half / 100, "most " + Duration.ofNanos(ages[999]));
    }

    @Test
    @DisplayName("1. R13: ages that make no sense are refused")
    void settingsThatMakeNoSenseAreRefused() {
        ConnectionPolicy policy = ConnectionPolicy.defaults();

        assertRefused("jitter: 1.0 (expected: >= 0 and < 1)", () -> policy.withJitter(1));
        assertRefused("jitter: NaN (expected: >= 0 and < 1)", () -> policy.withJitter(Double.NaN));
        assertRefused("maxAge: PT0S (expected: 1 s to 1,000 days)", () -> policy.withMaxAge(Duration.ZERO));
        assertRefused(
                "keepAlive: PT24024H (expected: 1 s to 1,000 days)",
                () -> policy.withKeepAlive(Duration.ofDays(1_001)));
        assertRefused("leakAge: PT-1S (expected: 1 s to 1,000 days)", () -> policy.withLeakAge(Duration.ofSeconds(-1)));
    }

    @Test
    @DisplayName("1. R13: an idle connection is given up before Azure's 4 minutes")
    void idleConnectionsEndBeforeTheyAreDropped() {
        assertTrue(ConnectionPolicy.defaults().keepAlive().compareTo(Duration.ofMinutes(4)) < 0);
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
