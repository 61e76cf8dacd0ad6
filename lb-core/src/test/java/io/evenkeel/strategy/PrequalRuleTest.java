package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.Vectors;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PrequalRuleTest {
    private static final PrequalSettings DEFAULTS = PrequalSettings.defaults();

    private final Hints hints = new Hints(1, DEFAULTS.maxAge().toNanos());
    private final Prequal prequal = new Prequal(backend -> new CompletableFuture<>(), DEFAULTS, ThreadRandom.INSTANCE);

    private Hint hint(int backend, long inFlight, long millis, long askedAt) {
        Probed about = new Probed(prequal, Pools.backend(backend));
        return new Hint(about, inFlight, TimeUnit.MILLISECONDS.toNanos(millis), askedAt, 1);
    }

    private static JsonObject vector(String name) {
        return Vectors.objects("prequal.json", "cases")
                .filter(c -> c.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 Prequal's answers are used as often as equation 1 of the paper says")
    void answersAreUsedAsOftenAsThePaperSays() {
        for (JsonElement element : vector("b_reuse").getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            PrequalSettings settings = DEFAULTS.withMost(example.get("m").getAsInt())
                    .withProbesPerPick(example.get("r_probe").getAsDouble())
                    .withRemovalsPerPick(example.get("r_remove").getAsDouble())
                    .withSurplus(example.get("delta").getAsDouble());

            assertEquals(
                    example.get("b_reuse").getAsDouble(),
                    settings.usesAmong(example.get("n").getAsInt()),
                    1e-4,
                    example.toString());
        }
        assertEquals(vector("q_rif").get("baseline").getAsDouble(), DEFAULTS.hotQuantile(), 1e-6);
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 Prequal takes the quickest of the cold, and of the hot the one with the fewest in flight")
    void theQuickestOfTheColdAndTheLeastLoadedOfTheHot() {
        JsonObject vector = vector("hcl");
        double hotAbove = vector.get("theta_rif").getAsDouble();
        for (JsonElement example : vector.getAsJsonArray("examples")) {
            Map<String, Hint> told = new HashMap<>();
            for (JsonElement element : example.getAsJsonObject().getAsJsonArray("pool")) {
                JsonObject one = element.getAsJsonObject();
                long inFlight = one.get("rif").getAsLong();
                told.put(
                        one.get("s").getAsString(),
                        hint(told.size(), inFlight, one.get("lat").getAsLong(), 0));
            }
            if (told.size() < 2) {
                Hint only = told.values().iterator().next();
                hints.add(only);
                assertNull(hints.best(0, PickContext.none(), 42));
                continue;
            }
            Hint best = told.get(example.getAsJsonObject().get("pick").getAsString());
            Hint worst =
                    told.get(example.getAsJsonObject().get("worst_to_remove").getAsString());
            for (Hint other : told.values()) {
                assertEquals(other != best, best.isBetterThan(other, hotAbove), example.toString());
                assertEquals(other != worst, other.isBetterThan(worst, hotAbove), example.toString());
            }
        }
    }

    @Test
    void aHintIsGoodForItsUsesAndCountsThem() {
        Hint hint = hint(0, 3, 10, 0);

        assertEquals(true, hint.use());
        assertEquals(4, hint.load());
        assertEquals(true, hint.isUsedUp());
        assertEquals(false, hint.use());
        assertEquals(4, hint.load());
    }

    @Test
    void hintsThatAreTooOldAreForgotten() {
        hints.keep(16, about -> true);
        Hint young = hint(1, 0, 10, TimeUnit.MILLISECONDS.toNanos(500));
        hints.add(hint(0, 0, 5, 0));
        hints.add(young);
        hints.add(hint(2, 0, 20, TimeUnit.MILLISECONDS.toNanos(500)));

        Hint best = hints.best(TimeUnit.MILLISECONDS.toNanos(1_001), PickContext.none(), 42);

        assertSame(young, best);
        assertEquals(2, hints.count());
    }

    @Test
    void aNewerHintTakesThePlaceOfAnOlderOneAboutTheSame() {
        hints.keep(16, about -> true);
        Hint old = hint(0, 0, 5, 1);
        Hint newer = new Hint(old.about(), 0, 7, 2, 1);
        hints.add(old);
        hints.add(newer);
        hints.add(old);
        hints.add(hint(1, 0, 50, 2));

        assertSame(newer, hints.best(2, PickContext.none(), 42));
        assertEquals(2, hints.count());
    }

    @Test
    void theOldestAndTheWorstGoInTurnAndTwoStay() {
        hints.keep(16, about -> true);
        Hint oldest = hint(0, 0, 1, 1);
        Hint best = hint(1, 0, 2, 2);
        hints.add(oldest);
        hints.add(best);
        hints.add(hint(2, 0, 90, 3));
        hints.add(hint(3, 0, 3, 4));

        assertSame(oldest, hints.best(4, PickContext.none(), 42));
        hints.removeOne(4);
        assertSame(best, hints.best(4, PickContext.none(), 42));
        hints.removeOne(4);
        assertEquals(2, hints.count());
        hints.removeOne(4);

        assertEquals(2, hints.count());
    }

    @Test
    void noMoreThanAQuarterOfTheMembersIsRememberedButFour() {
        assertEquals(2, DEFAULTS.mostOf(3));
        assertEquals(3, DEFAULTS.mostOf(7));
        assertEquals(4, DEFAULTS.mostOf(10));
        assertEquals(5, DEFAULTS.mostOf(20));
        assertEquals(16, DEFAULTS.mostOf(100));
    }

    @Test
    void theRecentLoadsGiveTheirQuantile() {
        RecentLoads loads = new RecentLoads(0.84);
        for (int load = 1; load <= 164; load++) {
            loads.add(load);
        }

        assertEquals(100 + 54, loads.hotAbove()); // 0.84 of the last 64 is 53.76
    }

    @Test
    void settingsSayWhatIsWrongWithThem() {
        String message = assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withMaxAge(Duration.ZERO))
                .getMessage();

        assertEquals("maxAge: PT0S (expected: 1 ms to 1 hour)", message);
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withMost(1));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withProbesPerPick(-1));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withRemovalsPerPick(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withHotQuantile(1.1));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withSurplus(0));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withTimeout(Duration.ofDays(1)));
        assertThrows(IllegalArgumentException.class, () -> new LoadProbe.Answer(-1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new LoadProbe.Answer(0, Duration.ofDays(2)));
    }
}
