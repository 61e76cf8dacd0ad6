package io.evenkeel.outlier;

import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.pool.Member;
import io.evenkeel.testing.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SweepTest {
    private final Rates rates = Rates.defaults();

    @Test
    void successRatesAreJudgedAsInTheVectors() {
        for (JsonElement element : vector("success rate").getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            double[] successRates =
                    new double[example.getAsJsonArray("success_rates").size()];
            Arrays.setAll(
                    successRates,
                    i -> example.getAsJsonArray("success_rates").get(i).getAsDouble());
            double deviations = example.get("stdev_factor").getAsDouble() / 1000;

            List<Integer> ejected =
                    judge(rates.withFailurePercent(0).withDeviations(deviations).withMinimumGap(0), successRates, 1000);

            assertEquals(
                    Arrays.stream(Vectors.ints(example, "ejected_indices"))
                            .boxed()
                            .toList(),
                    ejected,
                    example.toString());
        }
    }

    @Test
    void aHairBelowTheOthersIsNoOutlier() {
        assertEquals(List.of(), judge(rates, new double[] {1, 1, 1, 1, 0.96}, 1000));
        assertEquals(List.of(4), judge(rates, new double[] {1, 1, 1, 1, 0.93}, 1000));
    }

    @Test
    void failuresAreJudgedAsInTheVectors() {
        for (JsonElement element : vector("failure percentage").getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            int requests = example.get("requests").getAsInt();
            int failures = example.get("failures").getAsInt();
            List<Sweep.Tally> tallies = new ArrayList<>();
            List<Member> members = poolOf(5).snapshot().members();
            for (Member member : members.subList(0, 4)) {
                tallies.add(new Sweep.Tally(member, 100, 0));
            }
            tallies.add(new Sweep.Tally(members.get(4), requests - failures, failures));

            List<Sweep.Finding> found = Sweep.of(
                    tallies, rates.withMinimumVolume(50).withMinimumMembers(4).withDeviations(0));

            assertEquals(example.get("envoy_ejects_at_or_above").getAsBoolean(), found.size() == 1, example.toString());
        }
    }

    @Test
    void fewMembersOrLittleTrafficAreNotJudged() {
        assertEquals(List.of(), judge(rates, new double[] {1, 1, 1, 0}, 1000));
        assertEquals(List.of(), judge(rates, new double[] {1, 1, 1, 1, 0}, 99));
        assertEquals(List.of(4), judge(rates, new double[] {1, 1, 1, 1, 0}, 100));
    }

    @Test
    void ejectionTimesGrowAsInTheVectors() {
        for (JsonElement element : vector("ejection time").getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            EjectionTime time = new EjectionTime(
                    Duration.ofSeconds(example.get("base_s").getAsInt()),
                    Duration.ofSeconds(example.get("max_s").getAsInt()),
                    0);

            Duration ejected = time.of(example.get("times").getAsInt(), 0.5);

            assertEquals(Duration.ofSeconds(example.get("ejected_s").getAsInt()), ejected, example.toString());
        }
    }

    @Test
    void theTimeVariesByItsJitter() {
        EjectionTime time = EjectionTime.defaults().withJitter(0.2);

        assertEquals(Duration.ofSeconds(24), time.of(1, 0));
        assertEquals(Duration.ofSeconds(36), time.of(1, 1));
    }

    private static JsonObject vector(String name) {
        return Vectors.objects("outlier_detection.json", "cases")
                .filter(v -> v.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> judge(Rates rates, double[] successRates, int volume) {
        List<Member> members = poolOf(successRates.length).snapshot().members();
        List<Sweep.Tally> tallies = new ArrayList<>();
        for (int i = 0; i < successRates.length; i++) {
            long successes = Math.round(successRates[i] * volume);
            tallies.add(new Sweep.Tally(members.get(i), successes, volume - successes));
        }
        return Sweep.of(tallies, rates).stream()
                .map(finding -> members.indexOf(finding.member()))
                .toList();
    }

    @Test
    void reasonsReadTheSameWhateverTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            List<Member> members = poolOf(5).snapshot().members();
            List<Sweep.Tally> tallies = new ArrayList<>();
            for (Member member : members) {
                tallies.add(new Sweep.Tally(member, tallies.isEmpty() ? 0 : 99, tallies.isEmpty() ? 100 : 1));
            }

            assertEquals("100 % of 100 failed", Sweep.of(tallies, rates).get(0).reason());
            assertEquals(
                    "0.0 % succeeded, where 79.2 % is the mean",
                    Sweep.of(tallies, rates.withFailurePercent(0)).get(0).reason());
        } finally {
            Locale.setDefault(before);
        }
    }
}
