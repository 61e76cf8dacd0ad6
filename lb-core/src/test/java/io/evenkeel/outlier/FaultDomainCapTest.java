package io.evenkeel.outlier;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.backend.Placement;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of one fault domain traffic may take out. */
@Tag("health")
class FaultDomainCapTest {
    private final VirtualTime time = new VirtualTime();
    private final OutlierPolicy policy =
            OutlierPolicy.defaults().withEjectionTime(EjectionTime.defaults().withJitter(0));
    private BackendPool pool;

    /** Members b0, b1, … in these places, written as {@code zone/domain}; {@code -} is nowhere. */
    private void detect(OutlierPolicy policy, String... places) {
        List<Backend> backends = new ArrayList<>();
        for (String place : places) {
            Backend backend = backend(backends.size());
            backends.add(place.equals("-") ? backend : backend.withPlacement(placement(place)));
        }
        pool = BackendPool.builder("test")
                .backends(backends)
                .scheduler(time)
                .nanoClock(time::nanoTime)
                .build();
        OutlierDetector.start(pool, policy, time, new Random(1));
    }

    private static Placement placement(String place) {
        String[] parts = place.split("/", -1);
        return new Placement(parts[0], Integer.parseInt(parts[1]), -1);
    }

    private void failAll() {
        pool.snapshot().members().forEach(m -> fail(m.backend().id()));
    }

    private void fail(String id) {
        for (int i = 0; i < 5; i++) {
            member(pool, id).pick().report(Outcome.FAILURE);
        }
    }

    private Map<String, Long> ejected() {
        return pool.snapshot().members().stream()
                .filter(m -> m.state() == BackendState.EJECTED)
                .collect(Collectors.groupingBy(
                        m -> m.backend().placement().zone() + "/"
                                + m.backend().placement().faultDomain(),
                        Collectors.counting()));
    }

    @Test
    @DisplayName("1 a rack that fails as a whole is ejected as a whole by default")
    void aRackThatFailsIsEjectedAsAWhole() {
        detect(policy, "a/0", "a/1", "a/0", "a/1", "a/0", "a/1");

        List.of("b0", "b2", "b4").forEach(this::fail);

        assertEquals(Map.of("a/0", 3L), ejected());
    }

    @ParameterizedTest(name = "1 of a fault domain of {0}, at most {1} % may be out: {2}")
    @CsvSource({"1, 0, 0", "1, 99, 0", "1, 100, 1", "2, 49, 0", "2, 50, 1", "3, 50, 1", "4, 50, 2", "4, 99, 3"})
    void theCapOfADomainIsATrueCap(int members, int percent, long ejected) {
        String[] places = new String[10];
        for (int i = 0; i < places.length; i++) {
            places[i] = i < members ? "a/3" : "a/4";
        }
        detect(policy.withMaxEjectedPercent(100).withMaxEjectedDomainPercent(percent), places);

        for (int i = 0; i < members; i++) {
            fail("b" + i);
        }

        assertEquals(ejected == 0 ? Map.of() : Map.of("a/3", ejected), ejected());
    }

    @Test
    void eachDomainOfEachZoneIsCountedApartAndUnknownOnesNotAtAll() {
        detect(
                policy.withMaxEjectedPercent(100).withMaxEjectedDomainPercent(50),
                "a/0",
                "a/0",
                "b/0",
                "b/0",
                "/0",
                "/0",
                "a/-1",
                "-",
                "-",
                "c/1");

        failAll();

        // c/1 is not there: its only member is half of it and more.
        assertEquals(Map.of("a/0", 1L, "b/0", 1L, "/0", 1L, "a/-1", 1L, "/-1", 2L), ejected());
    }

    @Test
    void thePoolsCapHoldsToo() {
        detect(policy.withMaxEjectedPercent(30).withMaxEjectedDomainPercent(50), "a/0", "a/0", "a/0", "a/0", "-", "-");

        failAll();

        assertEquals(Map.of("a/0", 1L), ejected());
    }

    @Test
    void whoComesBackMakesRoomForAnotherOfTheDomain() {
        detect(policy.withMaxEjectedDomainPercent(50), "a/0", "a/0", "a/1", "a/1");
        fail("b0");
        fail("b1");
        assertEquals(BackendState.UP, member(pool, "b1").state());

        time.advance(Duration.ofSeconds(30));
        fail("b1");

        assertEquals(BackendState.UP, member(pool, "b0").state());
        assertEquals(BackendState.EJECTED, member(pool, "b1").state());
    }
}
