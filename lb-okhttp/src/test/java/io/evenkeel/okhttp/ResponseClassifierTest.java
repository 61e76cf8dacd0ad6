package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Outcome;
import java.io.IOException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers say about backends; how attempts without one count is in {@link EndOfLoadTest}. */
@Tag("okhttp")
@Timeout(60)
class ResponseClassifierTest {
    private Fleet fleet;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.of(1);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private OkHttpClient client(ResponseClassifier classifier) {
        return fleet.client(builder -> builder.classifier(classifier));
    }

    @ParameterizedTest
    @CsvSource({"200, SUCCESS", "404, SUCCESS", "429, FAILURE", "430, FAILURE", "500, FAILURE"})
    @DisplayName("1. R10: statuses below 500 can be made failures, too")
    void moreStatusesFail(int status, Outcome expected) throws IOException {
        fleet.answering(Fleet.status(status));

        Fleet.call(client(ResponseClassifier.serverErrors().alsoFailing(429, 430)));

        fleet.assertOutcomes(expected);
    }

    @Test
    @DisplayName("1. R10: a classifier of one's own sees the answer")
    void ofOnesOwn() throws IOException {
        fleet.answering(
                Fleet.text("no").newBuilder().setHeader("X-Degraded", "yes").build());

        String body = Fleet.call(
                client(response -> response.header("X-Degraded") == null ? Outcome.SUCCESS : Outcome.FAILURE));

        assertEquals("no", body);
        fleet.assertOutcomes(Outcome.FAILURE);
    }

    @Test
    @DisplayName(
            "1. R7: where a classifier throws, the default decides, the caller gets the answer, and the pool counts it")
    void aThrowingClassifierIsContained() throws IOException {
        fleet.answering(Fleet.text("sorry").newBuilder().code(500).build());

        String body = Fleet.call(client(response -> {
            throw new IllegalStateException("no idea");
        }));

        assertEquals("sorry", body);
        fleet.assertOutcomes(Outcome.FAILURE);
        assertEquals(1, fleet.balancer.pool().faults().count());
    }

    @Test
    @DisplayName("1. R7: so it is where it says nothing at all")
    void aClassifierThatReturnsNull() throws IOException {
        Fleet.call(client(response -> null));

        fleet.assertOutcomes(Outcome.SUCCESS);
        assertEquals(1, fleet.balancer.pool().faults().count());
    }
}
