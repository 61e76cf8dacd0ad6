package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.CacheControl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that another backend might better. */
@Tag("okhttp")
@Timeout(60)
class StatusFailoverTest {
    private static final String URL = "http://orders/";
    private static final FailoverPolicy POLICY = FailoverPolicy.defaults()
            .withStatuses(502, 503)
            .withBackOff(Duration.ZERO)
            .withBudget(1, 100);

    private Fleet fleet;
    private OkHttpClient client;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(3);
        client = fleet.client(POLICY);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** Server 2 is well, the others answer like this. */
    private void answeringBadly(MockResponse bad) {
        fleet.answering((server, request) -> server == 2 ? Fleet.text("b2") : bad);
    }

    @Test
    @DisplayName("1. R10: a status that was chosen is repeated on other backends until one does better")
    void aChosenStatusIsRepeated() throws IOException {
        answeringBadly(Fleet.status(503));

        for (int call = 0; call < 6; call++) {
            assertEquals("b2", Fleet.call(client));
        }

        assertEquals(6, fleet.requestsOf(2));
        assertEquals(fleet.picks(), fleet.requests.size(), "every pick reached the backend it was for");
        assertEquals(0, fleet.inFlight());
    }

    @Test
    @DisplayName("1. R8: the answer that was thrown away is closed, and its connection kept")
    void theEarlierAnswerIsClosed() throws IOException {
        answeringBadly(Fleet.status(503).newBuilder().body("sorry").build());

        for (int call = 0; call < 6; call++) {
            Fleet.call(client);
        }

        assertEquals(1, fleet.connectionsOf(0));
        assertEquals(1, fleet.connectionsOf(1));
        assertEquals(
                client.connectionPool().connectionCount(),
                client.connectionPool().idleConnectionCount());
    }

    @Test
    @DisplayName("1. R10: when all answer badly, the caller gets the last answer with its body")
    void theLastAnswerIsHandedOn() throws IOException {
        fleet.answering((server, request) ->
                Fleet.text("sorry, b" + server).newBuilder().code(503).build());

        try (Response response = client.newCall(Fleet.get(URL)).execute()) {
            assertEquals(503, response.code());
            assertTrue(response.body().string().startsWith("sorry, b"));
        }

        assertEquals(1, fleet.requestsOf(0));
        assertEquals(1, fleet.requestsOf(1));
        assertEquals(1, fleet.requestsOf(2));
        fleet.assertOutcomes(Outcome.FAILURE, Outcome.FAILURE, Outcome.FAILURE);
    }

    @Test
    @DisplayName("1. R10: where nobody else is left, a bad answer is better than none")
    void aBadAnswerIsBetterThanNone() throws IOException {
        fleet.stop(1);
        fleet.balancer.pool().replace(List.of(fleet.backend(0)));
        answeringBadly(Fleet.text("sorry").newBuilder().code(502).build());

        assertEquals("sorry", Fleet.call(client));

        assertEquals(1, fleet.requestsOf(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 504, 429, 404})
    @DisplayName("1. R10: a status that was not chosen is the caller's")
    void otherStatusesAreTheCallers(int status) throws IOException {
        fleet.answering(Fleet.status(status));

        Fleet.call(client);

        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R10: by default no status is repeated")
    void byDefaultNone() throws IOException {
        fleet.answering(Fleet.status(503));

        Fleet.call(fleet.client());

        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R10: what is not idempotent, or can be written only once, is not repeated for a status")
    void neitherAPostNorABodyForOneTime() throws IOException {
        fleet.answering(Fleet.status(503));

        Fleet.body(client.newCall(Fleet.post(URL)));
        Request once = new Request.Builder().url(URL).put(new OneShot()).build();
        Fleet.body(client.newCall(once));

        assertEquals(2, fleet.requests.size());
    }

    @Test
    @DisplayName("1. R12: an error that the cache made up is not repeated")
    void anErrorOfTheCacheIsNotRepeated(@TempDir Path directory) throws IOException {
        try (Cache cache = new Cache(directory.toFile(), 1_000_000)) {
            OkHttpClient cached = fleet.client(POLICY.withStatuses(504))
                    .newBuilder()
                    .cache(cache)
                    .build();
            Request request = Fleet.get(URL)
                    .newBuilder()
                    .cacheControl(CacheControl.FORCE_CACHE)
                    .build();

            Fleet.body(cached.newCall(request));

            assertEquals(1, fleet.picks());
            fleet.assertOutcomes(Outcome.CANCELLED);
        }
    }

    @Test
    @DisplayName("1. R10: a status of a foreign host after a redirect is not ours to repeat")
    void aForeignStatusIsNotRepeated() throws IOException {
        try (Fleet foreign = Fleet.of(1)) {
            foreign.answering(Fleet.status(503));
            String there = foreign.servers.get(0).url("/").toString();
            fleet.answering(Fleet.redirect(there));

            Fleet.call(client);

            assertEquals(1, foreign.requests.size());
            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    private static MockResponse askingFor(String retryAfter) {
        return Fleet.status(503)
                .newBuilder()
                .setHeader("Date", "Wed, 21 Oct 2015 07:28:00 GMT")
                .setHeader("Retry-After", retryAfter)
                .build();
    }

    private BackendState stateOf(int server) {
        return fleet.balancer.pool().snapshot().members().stream()
                .filter(member -> member.backend().id().equals("b" + server))
                .map(Member::state)
                .findFirst()
                .orElseThrow();
    }

    /** A minute is the most; anything less than a minute would be over in less. */
    @ParameterizedTest
    @CsvSource({
        "50, EJECTED",
        "99999999, EJECTED",
        "'Wed, 21 Oct 2015 07:29:00 GMT', EJECTED",
        "'Wed, 21 Oct 2015 07:27:00 GMT', UP",
        "0, UP",
        "-1, UP",
        "soon, UP"
    })
    @DisplayName("1. R10: a backend that answers 503 with Retry-After is left alone for that time")
    void retryAfterIsHonoured(String retryAfter, BackendState expected) throws IOException {
        fleet.answering((server, request) -> server == 0 ? askingFor(retryAfter) : Fleet.text("well"));

        for (int call = 0; call < 3; call++) {
            Fleet.call(client); // each backend is first once
        }

        assertEquals(expected, stateOf(0));
        assertEquals(BackendState.UP, stateOf(1));
    }

    @Test
    @DisplayName("1. R10: when all ask to be left alone, half of them stay")
    void halfOfTheBackendsStay() throws IOException {
        fleet.answering(askingFor("50"));

        for (int call = 0; call < 10; call++) {
            Fleet.call(client);
        }

        assertEquals(2, fleet.balancer.pool().snapshot().selectable().size());
    }

    @Test
    @DisplayName("1. R10: Retry-After means nothing to whoever did not choose 503")
    void retryAfterNeedsAChoice() throws IOException {
        fleet.answering(askingFor("50"));
        OkHttpClient unaware = fleet.client();

        for (int call = 0; call < 3; call++) {
            Fleet.call(unaware);
        }

        assertEquals(3, fleet.balancer.pool().snapshot().selectable().size());
    }

    @Test
    @DisplayName("1. R10: a stream that was refused goes elsewhere, whatever its method")
    void aRefusedStreamGoesElsewhere() throws IOException {
        Certificates certificates = Certificates.of("orders");
        try (Fleet http2 = Fleet.overTls(2, certificates.server())) {
            http2.refuseStreams(0);
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("https://orders/", http2.balancer)
                    .build()
                    .install(certificates.client())
                    .build();

            for (int call = 0; call < 4; call++) {
                assertEquals("b1", Fleet.body(client.newCall(Fleet.post("https://orders/"))));
            }

            assertEquals(4, http2.requestsOf(1));
            assertTrue(http2.picks() > 4, "the other was asked, too");
            assertEquals(0, http2.inFlight());
        }
    }
}
