package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A minute in which nobody is well, by a clock of our own. */
@Tag("okhttp")
@Timeout(120)
class RetryStormTest {
    private static final FailoverPolicy POLICY =
            FailoverPolicy.defaults().withStatuses(503).withBackOff(Duration.ZERO);

    private final AtomicLong now = new AtomicLong();
    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(3);
        fleet.answering(Fleet.status(503));
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private OkHttpClient client(FailoverPolicy policy) {
        return fleet.client(builder -> builder.failover(policy).nanoClock(now::get));
    }

    @Test
    @DisplayName("6. all backends answer 503 for a minute: servers see 1.2 requests for each call and 10 a second more")
    void aStormOfAMinute() throws IOException {
        OkHttpClient client = client(POLICY);
        int perSecond = 50;

        for (int call = 0; call < 60 * perSecond; call++) {
            Fleet.call(client);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1) / perSecond);
        }

        int bound = 60 * perSecond * 12 / 10 + 60 * 10;
        int requests = fleet.requests.size();
        assertTrue(requests <= bound, requests + " of " + bound);
        // Each call wants two retries and gets about 0.4, so nothing but the last call's fraction is left.
        assertTrue(requests >= bound - 1, requests + " of " + bound);
    }

    @Test
    @DisplayName("6. without the budget, the same calls would be three times as many requests")
    void aBudgetOfPlenty() throws IOException {
        OkHttpClient client = client(POLICY.withBudget(1, 1_000));

        for (int call = 0; call < 100; call++) {
            Fleet.call(client);
        }

        assertEquals(300, fleet.requests.size());
    }

    @Test
    @DisplayName("6. the clients of a route share its budget")
    void clientsShareTheBudget() throws IOException {
        OkHttpClient one = client(POLICY.withBudget(0, 1));
        OkHttpClient two = one.newBuilder().build();

        Fleet.call(one);
        Fleet.call(two);

        assertEquals(3, fleet.requests.size());
    }

    @Test
    @DisplayName("6. whoever cannot be reached is no burden: attempts that did not connect are free")
    void refusedConnectionsAreFree() throws IOException {
        fleet.answering(Fleet.text("well"));
        fleet.stop(0);
        fleet.stop(1);
        OkHttpClient client = client(FailoverPolicy.defaults().withBudget(0, 0));

        for (int call = 0; call < 20; call++) {
            assertEquals("well", Fleet.call(client));
        }

        assertEquals(20, fleet.requestsOf(2));
    }

    @Test
    @DisplayName("6. without a budget, what was sent is not sent again")
    void noBudgetNoRetry() throws IOException {
        OkHttpClient client = client(POLICY.withBudget(0, 0));

        Fleet.call(client);

        assertEquals(1, fleet.requests.size());
    }
}
