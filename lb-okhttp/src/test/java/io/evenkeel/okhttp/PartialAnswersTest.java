package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Outcome;
import java.io.IOException;
import mockwebserver3.MockResponse;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that are handed on before their end is here, although others are read whole. */
@Tag("okhttp")
class PartialAnswersTest {
    private static final String URL = "http://orders/";

    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(2);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** Each of these would wait for the rest of a body that does not come, and fail after OkHttp's 10 s. */
    private void assertHandedOnAtOnce(MockResponse.Builder answer, FailoverPolicy policy, Request request)
            throws IOException {
        fleet.answering(WholeAnswersTest.stalled(answer));

        try (Response handedOn = fleet.client(policy).newCall(request).execute()) {
            assertEquals(1, fleet.inFlight());
            assertEquals('x', handedOn.body().source().readByte());
        }

        assertEquals(1, fleet.requests.size());
    }

    @Test
    @DisplayName("1. whole answers: none by default")
    void noneByDefault() throws IOException {
        assertHandedOnAtOnce(WholeAnswersTest.page(), FailoverPolicy.defaults(), Fleet.get(URL));
    }

    @Test
    @DisplayName("1. whole answers: one that says that it is longer is handed on at once")
    void oneThatIsLongerIsHandedOnAtOnce() throws IOException {
        assertHandedOnAtOnce(
                WholeAnswersTest.page(),
                WholeAnswersTest.WHOLE.withWholeAnswers(WholeAnswersTest.SIZE - 1),
                Fleet.get(URL));
    }

    @Test
    @DisplayName("1. whole answers: one of a request that may not be repeated is handed on at once")
    void oneOfAPostIsHandedOnAtOnce() throws IOException {
        assertHandedOnAtOnce(WholeAnswersTest.page(), WholeAnswersTest.WHOLE, Fleet.post(URL));
    }

    @Test
    @DisplayName("1. whole answers: one of a request whose body cannot be written again is handed on at once")
    void oneOfAOneShotPutIsHandedOnAtOnce() throws IOException {
        Request put = new Request.Builder().url(URL).put(new OneShot()).build();

        assertHandedOnAtOnce(WholeAnswersTest.page(), WholeAnswersTest.WHOLE, put);
    }

    @Test
    @DisplayName("1. whole answers: a stream of events is handed on at once")
    void aStreamOfEventsIsHandedOnAtOnce() throws IOException {
        MockResponse.Builder events =
                WholeAnswersTest.page().setHeader("Content-Type", "Text/Event-Stream; charset=utf-8");

        assertHandedOnAtOnce(events, WholeAnswersTest.WHOLE, Fleet.get(URL));
    }

    @Test
    @DisplayName("1. whole answers: one that turns out to be longer is handed on with what is here, and goes on")
    void oneThatTurnsOutToBeLongerGoesOn() throws IOException {
        MockResponse.Builder chunked = new MockResponse.Builder().chunkedBody(WholeAnswersTest.PAGE, 1_000);
        FailoverPolicy short10 = WholeAnswersTest.WHOLE.withWholeAnswers(10_000);
        assertHandedOnAtOnce(chunked, short10, Fleet.get(URL));
        fleet.answering(new MockResponse.Builder()
                .chunkedBody(WholeAnswersTest.PAGE, 1_000)
                .build());

        assertEquals(WholeAnswersTest.PAGE, Fleet.body(fleet.client(short10).newCall(Fleet.get(URL))));

        fleet.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS);
    }
}
