package io.evenkeel.pool;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.testing.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class SharesTest {
    @Test
    void prioritiesShareAsInTheVectors() {
        Vectors.objects("priority_failover.json", "cases").forEach(vector -> {
            int[] well = Vectors.ints(vector, "healthy_percent");
            int[] wanted = new int[well.length];
            Arrays.fill(wanted, 100);

            int[] shares = Shares.ofPriorities(well, wanted);

            assertArrayEquals(Vectors.ints(vector, "recomputed"), shares, vector.toString());
        });
    }

    @Test
    void zonesShareAsInTheVectors() {
        Vectors.objects("zone_aware.json", "cases").forEach(SharesTest::assertZones);
    }

    private static void assertZones(JsonObject vector) {
        int[] clients = Vectors.ints(vector, "local_hosts");
        int[] upstream = Vectors.ints(vector, "upstream_hosts");
        Map<String, Double> clientShares = new HashMap<>();
        List<Backend> backends = new ArrayList<>();
        for (int zone = 0; zone < clients.length; zone++) {
            clientShares.put(
                    "z" + zone, (double) clients[zone] / Arrays.stream(clients).sum());
            for (int i = 0; i < upstream[zone]; i++) {
                backends.add(backend(backends.size()).withPlacement(new Placement("z" + zone, 0, 0)));
            }
        }
        List<Member> well = BackendPool.builder("test")
                .backends(backends)
                .build()
                .snapshot()
                .members();
        Locality locality = Locality.in("z0").withClientShares(clientShares).withMinimumMembers(0);
        Map<String, Double> shares = new HashMap<>();
        // A zone without members would be no zone to the pool; in the vector it is the own one.
        boolean isOwnZoneEmpty = upstream[0] == 0;
        Shares.ofZones(1, well, locality)
                .forEach(
                        g -> shares.put(g.members().get(0).backend().placement().zone(), g.share()));

        double own = vector.get("local_percent_to_route").getAsDouble() / 10_000;
        // Envoy counts in hundredths of a percent and cuts off; three hundredths are what that can add up to.
        assertEquals(isOwnZoneEmpty ? 0 : own, shares.getOrDefault("z0", 0.0), 0.0003, vector.toString());
        if (vector.has("residual_capacity_cumulative") && !isOwnZoneEmpty) {
            int[] cumulative = Vectors.ints(vector, "residual_capacity_cumulative");
            double all = cumulative[cumulative.length - 1];
            for (int zone = 1; zone < cumulative.length; zone++) {
                double expected = (1 - own) * (cumulative[zone] - cumulative[zone - 1]) / all;
                assertEquals(expected, shares.getOrDefault("z" + zone, 0.0), 0.0003, vector.toString());
            }
        }
    }

    @Test
    void whatTheFirstPriorityCannotCarryGoesToTheSecond() {
        BackendPool pool = poolOf(10, 10);
        assertEquals(Map.of("first", 100L), sharesOf(pool));
        for (int i = 0; i < 5; i++) {
            pool.markDown("b" + i, "refused");
        }

        // 5 of 10 well, times 1.4.
        assertEquals(Map.of("first", 70L, "second", 30L), sharesOf(pool));

        for (int i = 5; i < 10; i++) {
            pool.markDown("b" + i, "refused");
        }
        assertEquals(Map.of("second", 100L), sharesOf(pool));
    }

    @Test
    void whoeverIsWellAndGetsNothingIsInReserve() {
        BackendPool pool = poolOf(2, 2);

        assertEquals(
                List.of("b2", "b3"),
                pool.snapshot().reserve().stream().map(m -> m.backend().id()).toList());
    }

    @Test
    void theOwnZoneIsPreferredOnlyByPoolsThatAreLargeEnough() {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            backends.add(backend(i).withPlacement(new Placement(i % 2 == 0 ? "here" : "there", 0, 0)));
        }
        BackendPool pool = BackendPool.builder("test")
                .backends(backends)
                .locality(Locality.in("here"))
                .build();
        assertEquals(3, pool.snapshot().selectable().size());
        assertEquals(3, pool.snapshot().reserve().size());

        pool.markDown("b0", "refused");
        assertEquals(5, pool.snapshot().selectable().size());
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        assertEquals(
                "clientShares: 1.5 of zone \"here\" (expected: 0 to 1)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Locality.in("here").withClientShares(Map.of("here", 1.5)))
                        .getMessage());
        assertEquals(
                "minimumMembers: -1 (expected: >= 0)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Locality.none().withMinimumMembers(-1))
                        .getMessage());
    }

    private static BackendPool poolOf(int first, int second) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < first + second; i++) {
            backends.add(backend(i).withPriority(i < first ? 0 : 1));
        }
        return BackendPool.builder("test").backends(backends).build();
    }

    private static Map<String, Long> sharesOf(BackendPool pool) {
        Map<String, Double> weights = new HashMap<>();
        pool.snapshot()
                .selectable()
                .forEach(m -> weights.merge(
                        m.backend().priority() == 0 ? "first" : "second", (double) m.weight(), Double::sum));
        double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<String, Long> percents = new HashMap<>();
        weights.forEach((level, weight) -> percents.put(level, Math.round(100 * weight / all)));
        return percents;
    }
}
