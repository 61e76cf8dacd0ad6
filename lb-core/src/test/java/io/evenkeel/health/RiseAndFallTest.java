package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.evenkeel.testing.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class RiseAndFallTest {
    @Test
    void agreesWithTheVectors() {
        Vectors.objects("health_check.json", "cases")
                .filter(vector -> vector.has("results"))
                .forEach(RiseAndFallTest::assertVector);
    }

    private static void assertVector(JsonObject vector) {
        ProbeSchedule schedule = ProbeSchedule.defaults()
                .withFlapDamping(FlapDamping.OFF)
                .withHealthyThreshold(vector.get("healthy_threshold").getAsInt())
                .withUnhealthyThreshold(vector.get("unhealthy_threshold").getAsInt());
        RiseAndFall verdict = new RiseAndFall();
        String start = vector.get("start").getAsString();
        for (int i = 0; i < 9 && !start.equals("unknown"); i++) {
            verdict.record(start.equals("healthy"), schedule, 0);
        }

        List<String> states = new ArrayList<>();
        for (char result : vector.get("results").getAsString().toCharArray()) {
            verdict.record(result == 'S', schedule, 0);
            states.add(verdict.isUp() ? "healthy" : "unhealthy");
        }

        assertEquals(List.of(Vectors.strings(vector, "states")), states, vector.toString());
    }

    @Test
    void aNewcomerWithFailuresIsNotDownBeforeThereAreEnough() {
        ProbeSchedule schedule = ProbeSchedule.defaults();
        RiseAndFall verdict = new RiseAndFall();

        assertFalse(verdict.record(false, schedule, 0));
        assertTrue(verdict.record(false, schedule, 0));
        assertFalse(verdict.isUp());
        assertFalse(verdict.record(false, schedule, 0));
        assertTrue(verdict.record(true, schedule, 0));
        assertTrue(verdict.isUp());
    }

    @Test
    void anAnswerForTheVerdictForgetsThoseAgainstIt() {
        ProbeSchedule schedule = ProbeSchedule.defaults();
        RiseAndFall verdict = new RiseAndFall();
        verdict.record(true, schedule, 0);

        for (int i = 0; i < 10; i++) {
            assertFalse(verdict.record(false, schedule, 0));
            assertFalse(verdict.record(true, schedule, 0));
        }
    }
}
