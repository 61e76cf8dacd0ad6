package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("okhttp")
@Timeout(120)
class RacedCallTest {
    private static final CallPolicy HEDGED = CallPolicy.defaults().withHedgeDelay(Duration.ofMillis(20));

    /** Long for a loaded machine, and still the length of a test. */
    private static final CallPolicy LIMITED = CallPolicy.defaults().withAttemptTimeout(Duration.ofSeconds(2));

    private static final Request HELD = Fleet.get("http://orders/held");
    private static final Request HELD_POST =
            HELD.newBuilder().post(RequestBody.EMPTY).build();

    private final AtomicInteger heldSoFar = new AtomicInteger();

    @Test
    @DisplayName("1. hedging: another backend answers for one that is slow, who is cancelled and not blamed")
    void anotherBackendAnswers() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            holdTheFirst(fleet, held);
            Call call = factory(fleet, HEDGED).newCall(HELD);

            String answer = Fleet.body(call);

            assertOutcomesInAnyOrder(fleet, Outcome.CANCELLED, Outcome.SUCCESS);
            List<Attempts.Attempt> attempts = Attempts.of(call).all();
            assertEquals(2, attempts.size());
            assertEquals(Outcome.CANCELLED, attempts.get(0).outcome().orElseThrow());
            assertEquals(answer, attempts.get(1).backend().id());
            assertFalse(call.isCanceled());
        }
    }

    @Test
    @DisplayName("1. hedging: a hedge that fails does not win over an answer that is still to come")
    void aFailedHedgeDoesNotWin() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            fleet.answering((server, request) ->
                    heldSoFar.getAndIncrement() == 0 ? held.answer(server, request) : Fleet.status(503));
            CompletableFuture<String> answer = enqueue(factory(fleet, HEDGED).newCall(HELD));
            Await.until(
                    "the hedge has failed",
                    () -> fleet.balancer.pool().snapshot().members().stream()
                            .anyMatch(member -> member.load().failures() == 1));

            held.letGo();

            assertTrue(answer.join().matches("b[01]"), answer.join());
            assertOutcomesInAnyOrder(fleet, Outcome.FAILURE, Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("1. hedging: of two failures the caller gets one, and the other is closed")
    void theLastFailureIsTheAnswer() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            fleet.answering((server, request) -> {
                if (heldSoFar.getAndIncrement() == 0) {
                    held.answer(server, request);
                } else {
                    held.letGo();
                }
                return Fleet.status(503);
            });

            try (Response answer = factory(fleet, HEDGED).newCall(HELD).execute()) {
                assertEquals(503, answer.code());
            }

            assertOutcomesInAnyOrder(fleet, Outcome.FAILURE, Outcome.FAILURE);
        }
    }

    @Test
    @DisplayName("1. hedging: what may not be sent twice is not, however long it takes")
    void aPostIsSentOnce() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            fleet.answering(held::answer);
            Call.Factory factory = factory(fleet, HEDGED);

            CompletableFuture<String> post = enqueue(factory.newCall(HELD_POST));
            CompletableFuture<String> get =
                    enqueue(factory.newCall(HELD)); // whose timer rings later, so that of the POST has
            Await.until("the GET has been hedged", () -> fleet.requests.size() == 3);
            held.letGo();
            post.join();
            get.join();

            assertEquals(
                    1,
                    fleet.requests.stream()
                            .filter(request -> request.getMethod().equals("POST"))
                            .count());
        }
    }

    @Test
    @DisplayName("1. hedging: there are no more hedges than the budget has")
    void hedgesStayWithinTheBudget() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            fleet.answering(held::answer);
            Call.Factory factory = factory(fleet, HEDGED);
            long began = System.nanoTime();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(enqueue(factory.newCall(HELD)));
            }
            Await.until("the budget is used up", () -> fleet.requests.size() >= 50);

            held.letGo();
            answers.forEach(CompletableFuture::join);

            int hedges = fleet.picks() - 40;
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            // A fifth of the calls, and ten for each second that has begun.
            assertTrue(hedges >= 10 && hedges <= 40 / 5 + 10 * (seconds + 1), hedges + " hedges");
        }
    }

    @Test
    @DisplayName("1. hedging: after the live p95, and not before enough calls have been seen")
    void theDelayIsLearnt() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            holdTheFirst(fleet, held);
            Call.Factory factory = factory(fleet, CallPolicy.defaults().withHedgeAfterP95());
            for (int i = 0; i < 64; i++) {
                Fleet.body(factory.newCall(Fleet.get("http://orders/")));
            }
            assertEquals(64, fleet.picks());

            Call call = factory.newCall(HELD);
            Fleet.body(call);

            assertEquals(2, Attempts.of(call).all().size());
        }
    }

    @Test
    @DisplayName(
            "1. Call.Factory: an attempt that takes too long is a timeout of its backend, and another one is asked")
    void anAttemptHasALimit() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            holdTheFirst(fleet, held);

            Fleet.body(factory(fleet, LIMITED).newCall(HELD));

            fleet.assertOutcomes(Outcome.TIMEOUT, Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName(
            "1. Call.Factory: an attempt that may not be repeated fails at its limit, which says whom it had asked")
    void aPostFailsAtItsLimit() throws IOException {
        try (Fleet fleet = Fleet.of(1);
                Held held = new Held()) {
            fleet.answering(held::answer);

            SocketTimeoutException failure = assertThrows(
                    SocketTimeoutException.class,
                    () -> Fleet.body(factory(fleet, LIMITED).newCall(HELD_POST)));

            assertEquals("no answer within PT2S from [b0]", failure.getMessage());
            fleet.assertOutcomes(Outcome.TIMEOUT);
        }
    }

    @Test
    @DisplayName("1. Call.Factory: the limit of an attempt is no limit for its body")
    void aBodyMayTakeLonger() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            fleet.answering(new MockResponse.Builder()
                    .body("x".repeat(400))
                    .throttleBody(100, 1, TimeUnit.SECONDS)
                    .build());

            assertEquals(400, Fleet.body(factory(fleet, LIMITED).newCall(HELD)).length());

            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("1. Call.Factory: cancel ends all attempts and blames nobody")
    void cancelEndsAllAttempts() throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Held held = new Held()) {
            fleet.answering(held::answer);
            Call call = factory(fleet, HEDGED).newCall(HELD);
            CompletableFuture<String> answer = enqueue(call);
            Await.until("both have it", () -> fleet.requests.size() == 2);

            call.cancel();

            CompletionException failure = assertThrows(CompletionException.class, answer::join);
            assertInstanceOf(IOException.class, failure.getCause());
            assertTrue(call.isCanceled());
            fleet.assertOutcomes(Outcome.CANCELLED, Outcome.CANCELLED);
        }
    }

    @Test
    @DisplayName("1. Call.Factory: other hosts get the client's own calls, and a call is executed once")
    void whatIsNotBalancedIsLeftAlone() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            Call.Factory factory = factory(fleet, HEDGED);
            String direct = fleet.servers.get(0).url("/").toString();
            Call call = factory.newCall(Fleet.get("http://orders/"));

            assertFalse(factory.newCall(Fleet.get(direct)) instanceof RacedCall);
            assertEquals("b0", Fleet.body(call));
            assertTrue(call.isExecuted());
            assertThrows(IllegalStateException.class, call::execute);
            assertEquals("b0", Fleet.body(call.clone()));
        }
    }

    @Test
    @DisplayName("1. hedging: settings that make no sense are refused")
    void settingsThatMakeNoSenseAreRefused() {
        CallPolicy policy = CallPolicy.defaults();

        assertRefused(
                "attemptTimeout: PT-1S (expected: 0 to 1 day)",
                () -> policy.withAttemptTimeout(Duration.ofSeconds(-1)));
        assertRefused("hedgeDelay: PT48H (expected: 0 to 1 day)", () -> policy.withHedgeDelay(Duration.ofDays(2)));
        assertRefused("hedgeQuantile: 1.0 (expected: 0 to 0.999)", () -> policy.withHedgeQuantile(1));
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    /** The first who is asked for it; the next one answers. */
    private void holdTheFirst(Fleet fleet, Held held) {
        fleet.answering((server, request) -> request.getTarget().equals("/held") && heldSoFar.getAndIncrement() == 0
                ? held.answer(server, request)
                : Fleet.text("b" + server));
    }

    private static CompletableFuture<String> enqueue(Call call) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        call.enqueue(new Completing(answer));
        return answer;
    }

    /** Which of two ends first is not said. */
    private static void assertOutcomesInAnyOrder(Fleet fleet, Outcome... expected) {
        Await.until("nothing is in flight", () -> fleet.inFlight() == 0);
        assertEquals(
                List.of(expected),
                fleet.takeOutcomes().stream()
                        .sorted(Comparator.comparing(Outcome::name))
                        .toList());
    }

    private static Call.Factory factory(Fleet fleet, CallPolicy policy) {
        LoadBalancingInterceptor interceptor = fleet.interceptor();
        OkHttpClient client = interceptor.install(new OkHttpClient.Builder()).build();
        return interceptor.callFactory(client, policy);
    }
}
