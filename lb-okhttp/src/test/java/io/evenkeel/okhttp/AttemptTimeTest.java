package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Outcome;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long attempts take, and the time between them. */
@Tag("okhttp")
@Timeout(60)
class AttemptTimeTest {
    private static final String URL = "http://orders/";
    private static final FailoverPolicy POLICY = FailoverPolicy.defaults().withBackOff(Duration.ZERO);

    /** Longer than this test may take, so that nobody can wait for its end. */
    private static final FailoverPolicy WITH_LONG_PAUSES = POLICY.withBackOff(Duration.ofMinutes(5));

    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(2);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private static MockResponse silence() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    @Test
    @DisplayName("1. R10: a backend that stalls costs the time for which it may, not the call")
    void anAttemptThatTakesTooLong() throws IOException {
        // The first that is asked is silent; a client without limits would wait for it for ever.
        fleet.answering((server, request) -> fleet.requests.size() == 1 ? silence() : Fleet.text("well"));
        OkHttpClient client = fleet.client(POLICY.withStallTimeout(Duration.ofMillis(200)))
                .newBuilder()
                .readTimeout(Duration.ZERO)
                .build();

        assertEquals("well", Fleet.call(client));

        fleet.assertOutcomes(Outcome.TIMEOUT, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. R10: the client's own limits stand where they are tighter")
    void tighterLimitsOfTheClient() throws IOException {
        fleet.answering((server, request) -> fleet.requests.size() == 1 ? silence() : Fleet.text("well"));
        OkHttpClient client = fleet.client(POLICY.withStallTimeout(Duration.ofHours(1)))
                .newBuilder()
                .readTimeout(Duration.ofMillis(200))
                .build();

        assertEquals("well", Fleet.call(client));
    }

    @Test
    @DisplayName("1. R9: the call timeout spans all attempts")
    void theCallTimeoutSpansAll() throws IOException {
        fleet.answering((server, request) -> fleet.requests.size() == 1 ? EndOfLoadTest.dyingAtOnce() : silence());
        OkHttpClient client = fleet.client(POLICY)
                .newBuilder()
                .readTimeout(Duration.ZERO)
                .callTimeout(Duration.ofMillis(500))
                .build();

        assertThrows(InterruptedIOException.class, () -> Fleet.call(client));

        fleet.assertOutcomes(Outcome.FAILURE, Outcome.TIMEOUT);
    }

    @Test
    @DisplayName("1. R9: the call timeout ends the wait between attempts")
    void theCallTimeoutEndsTheWait() throws IOException {
        fleet.answering(EndOfLoadTest.dyingAtOnce());
        OkHttpClient client = fleet.client(WITH_LONG_PAUSES)
                .newBuilder()
                .callTimeout(Duration.ofMillis(500))
                .build();

        assertThrows(InterruptedIOException.class, () -> Fleet.call(client));

        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R9: a call that is cancelled while it waits stops at once")
    void aCancelEndsTheWait() throws InterruptedException {
        fleet.answering(EndOfLoadTest.dyingAtOnce());
        CountDownLatch failed = new CountDownLatch(1);
        Call call = fleet.client(WITH_LONG_PAUSES).newCall(Fleet.get(URL));
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                failed.countDown();
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
            }
        });
        Await.until(
                "the first attempt has failed",
                () -> Attempts.of(call).all().stream()
                        .anyMatch(attempt -> attempt.outcome().isPresent()));

        call.cancel();

        assertTrue(failed.await(30, TimeUnit.SECONDS));
        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R9: so does one whose thread is interrupted, and the thread still is")
    void anInterruptEndsTheWait() throws InterruptedException {
        fleet.answering(Fleet.status(503));
        Call call = fleet.client(WITH_LONG_PAUSES.withStatuses(503)).newCall(Fleet.get(URL));
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                call.execute().close();
            } catch (IOException expected) {
                // either will do, as long as it ends
            }
            if (Thread.currentThread().isInterrupted()) {
                interrupted.countDown();
            }
        });
        caller.start();
        Await.until("it waits", () -> caller.getState() == Thread.State.TIMED_WAITING && fleet.requests.size() == 1);

        caller.interrupt();

        assertTrue(interrupted.await(30, TimeUnit.SECONDS));
        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R10: nobody waits after an attempt that was not sent")
    void noWaitAfterARefusedConnection() throws IOException {
        fleet.stop(0);
        OkHttpClient client = fleet.client(WITH_LONG_PAUSES);

        for (int call = 0; call < 4; call++) {
            assertEquals("b1", Fleet.call(client));
        }
    }

    @Test
    @DisplayName("1. R10: the caller sees who was tried, how it ended, and how long it took")
    void attemptsHaveDurations() throws IOException {
        AtomicLong now = new AtomicLong();
        fleet.answering((server, request) -> {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(fleet.requests.size() == 1 ? 30 : 70));
            return fleet.requests.size() == 1 ? Fleet.status(503) : Fleet.text("well");
        });
        OkHttpClient client = fleet.client(
                builder -> builder.failover(POLICY.withStatuses(503)).nanoClock(now::get));
        Call call = client.newCall(Fleet.get(URL));

        try (Response response = call.execute()) {
            List<Attempts.Attempt> soFar = Attempts.of(call).all();
            assertFalse(soFar.get(1).outcome().isPresent());
            assertEquals(Duration.ofMillis(70), soFar.get(1).duration());
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertEquals("well", response.body().string());
        }

        Await.until("the body's end is known", () -> fleet.inFlight() == 0);
        List<Attempts.Attempt> all = Attempts.of(call).all();
        assertEquals(
                List.of(Duration.ofMillis(30), Duration.ofMillis(1_070)),
                all.stream().map(Attempts.Attempt::duration).toList());
        assertEquals(
                List.of(Outcome.FAILURE, Outcome.SUCCESS),
                all.stream().map(attempt -> attempt.outcome().orElseThrow()).toList());
    }

    @Test
    @DisplayName("1. R10: who has an answer and no call sees who was tried by an interceptor before")
    void anInterceptorBeforeSeesAttempts() throws IOException {
        fleet.answering((server, request) -> fleet.requests.size() == 1 ? Fleet.status(503) : Fleet.text("well"));
        AtomicReference<Attempts> seen = new AtomicReference<>();
        OkHttpClient client = LoadBalancingInterceptor.builder()
                .route("http://orders", fleet.balancer)
                .failover(POLICY.withStatuses(503))
                .build()
                .install(new OkHttpClient.Builder().addInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    seen.set(Attempts.of(chain.call()));
                    return response;
                }))
                .build();

        String answer = Fleet.call(client);

        assertEquals("well", answer);
        assertEquals(
                List.of(Optional.of(Outcome.FAILURE), Optional.empty()),
                seen.get().all().stream().map(Attempts.Attempt::outcome).toList());
    }
}
