package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(60)
class MembershipTest {
    @Test
    @DisplayName("3. a backend that was removed gets no further calls")
    void aBackendThatWasRemovedGetsNoFurtherCalls() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            OkHttpClient client = fleet.client();
            Fleet.call(client);
            Fleet.call(client);

            fleet.balancer.pool().remove("b0");
            for (int i = 0; i < 10; i++) {
                assertEquals("b1", Fleet.call(client));
            }

            assertEquals(1, fleet.requestsOf(0));
        }
    }

    @Test
    @DisplayName("1. R2: the way to a member stays the same until it leaves the pool")
    void theWayToAMemberStaysTheSameUntilItLeavesThePool() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            BalancedOrigin origin = originOf(fleet);
            withChain(chain -> {
                Way before = wayTo("b0", fleet, origin, chain);
                wayTo("b1", fleet, origin, chain);

                fleet.balancer.pool().markUp("b0", "probe answered");

                assertSame(before, wayTo("b0", fleet, origin, chain));
                assertEquals(2, origin.ways());
            });
        }
    }

    @Test
    @DisplayName("1. R18: ways to members that left are forgotten")
    void waysToMembersThatLeftAreForgotten() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            BalancedOrigin origin = originOf(fleet);
            withChain(chain -> {
                for (int i = 0; i < 1_000; i++) {
                    fleet.balancer.pool().add(Backend.of("10.0.0.1", 1 + i));
                    wayTo("10.0.0.1:" + (1 + i), fleet, origin, chain);
                    fleet.balancer.pool().remove("10.0.0.1:" + (1 + i));
                }
                wayTo("b0", fleet, origin, chain);

                assertEquals(1, origin.ways());
            });
        }
    }

    private static BalancedOrigin originOf(Fleet fleet) {
        Lifetime lifetime = new Lifetime(ConnectionPolicy.defaults(), System::nanoTime, new Random(1));
        Origin orders = Origin.of("http://orders");
        LogicalHosts hosts = new LogicalHosts(Set.of(orders));
        return BalancedOrigin.of(orders, fleet.balancer, hosts, lifetime, backend -> Optional.empty());
    }

    private static Way wayTo(String id, Fleet fleet, BalancedOrigin origin, Interceptor.Chain chain) {
        return origin.wayTo(fleet.balancer.pool().snapshot().member(id).orElseThrow(), chain);
    }

    /** Hands over a real chain. */
    private static void withChain(Consumer<Interceptor.Chain> action) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    action.accept(chain);
                    return new Response.Builder()
                            .request(chain.request())
                            .protocol(Protocol.HTTP_1_1)
                            .code(200)
                            .message("OK")
                            .build();
                })
                .build();
        client.newCall(Fleet.get("http://orders/")).execute().close();
    }

    @Test
    @DisplayName("1. R6, R7: a thousand calls that end in every way leave nothing in flight")
    void aThousandMixedCallsLeaveNothingInFlight() throws IOException {
        try (Fleet fleet = Fleet.of(3)) {
            fleet.answering((server, request) -> answerOf(request.getTarget()));
            OkHttpClient client = fleet.client();
            AtomicInteger over = new AtomicInteger();

            for (int i = 0; i < 1_000; i++) {
                String kind = new String[] {"text", "none", "503", "dies", "dies-late", "redirect"}[i % 6];
                Request.Builder request = new Request.Builder().url("http://orders/" + kind);
                Call call = client.newCall(
                        i % 4 == 0 ? request.post(RequestBody.EMPTY).build() : request.build());
                call.enqueue(new ReadAll(over));
                if (i % 7 == 0) {
                    call.cancel();
                }
            }

            Await.until("all calls are over", () -> over.get() == 1_000);
            Await.until("nothing is in flight", () -> fleet.inFlight() == 0);
            assertTrue(fleet.picks() <= 3_000);
        }
    }

    private static MockResponse answerOf(String target) {
        MockResponse.Builder answer = new MockResponse.Builder();
        return switch (target) {
            case "/none" -> answer.code(204).build();
            case "/503" -> answer.code(503).body("busy").build();
            case "/dies" ->
                answer.onResponseStart(new SocketEffect.CloseSocket()).build();
            case "/dies-late" ->
                answer.body("x".repeat(10_000))
                        .onResponseBody(new SocketEffect.CloseSocket())
                        .build();
            case "/redirect" -> Fleet.redirect("/text");
            default -> answer.body("text").build();
        };
    }

    /** Counts calls that are over, well or not. */
    private record ReadAll(AtomicInteger over) implements Callback {
        @Override
        public void onFailure(Call call, IOException failure) {
            over.incrementAndGet();
        }

        @Override
        public void onResponse(Call call, Response response) throws IOException {
            try (response) {
                response.body().bytes();
            } finally {
                over.incrementAndGet();
            }
        }
    }
}
