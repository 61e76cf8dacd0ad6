package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.XxHash64;
import io.evenkeel.testing.Vectors;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RingHashTest implements KeyedStrategyContract {
    /** So many points that shares are nearly even: one of 50,000 for each member is off by 0.5 %. */
    @Override
    public SelectionStrategy strategy(HashSecret secret) {
        return new RingHash(1 << 18, 1 << 18, new Random(42));
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 the ring is that of the published vectors")
    void theRingIsThatOfThePublishedVectors() {
        Vectors.objects("ring_hash.json", "cases").forEach(vector -> {
            JsonArray points = vector.getAsJsonArray("ring");
            String[] hosts = hosts(points);
            Ring ring = Ring.of(hosts, equal(hosts.length), points.size(), points.size());

            assertEquals(points.size(), ring.size());
            points.forEach(point -> assertOwner(
                    point.getAsJsonArray().get(1).getAsString(),
                    ring,
                    hosts,
                    point.getAsJsonArray().get(0).getAsString()));
            vector.getAsJsonArray("lookups").forEach(lookup -> {
                JsonObject entry = lookup.getAsJsonObject();
                assertOwner(
                        entry.get("host").getAsString(),
                        ring,
                        hosts,
                        entry.get("hash").getAsString());
            });
        });
    }

    private static void assertOwner(String expected, Ring ring, String[] hosts, String hash) {
        assertEquals(expected, hosts[ring.ownerOf(Long.parseUnsignedLong(hash))], hash);
    }

    private static String[] hosts(JsonArray points) {
        return StreamSupport.stream(points.spliterator(), false)
                .map(point -> point.getAsJsonArray().get(1).getAsString())
                .distinct()
                .sorted()
                .toArray(String[]::new);
    }

    private static int[] equal(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weights;
    }

    @Test
    void aKeyIsAPlaceOnTheRing() {
        Ring ring = Ring.of(new String[] {"a", "b", "c"}, equal(3), 3, 3);
        long point = XxHash64.hash("b_0".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0);

        assertEquals(1, ring.ownerOf(point));
        assertEquals(1, ring.ownerOf(point - 1));
    }

    @Test
    void theLightestHasWholePointsAndTheRingGrowsWithThem() {
        // 1,024 points at least: 10 members of equal weight have 103 each, as Envoy's ring has.
        assertEquals(1_030, Ring.of(ids(10), equal(10), 1024, 8_388_608).size());
        assertEquals(3 * 342, Ring.of(ids(2), new int[] {1, 2}, 1024, 8_388_608).size());
        assertEquals(1_024, Ring.of(ids(2), new int[] {1, 65_535}, 1024, 1024).size());
    }

    @Test
    void withFewerPointsThanMembersSomeHaveNone() {
        assertEquals(3, Ring.of(ids(10), equal(10), 3, 3).size());
    }

    private static String[] ids(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "b" + i).toArray(String[]::new);
    }

    @Test
    void theSizesAreChecked() {
        assertRefused("minRingSize: 0 (expected: 1 to 8388608)", 0, 10);
        assertRefused("maxRingSize: 9 (expected: 10 to 8388608)", 10, 9);
        assertRefused("maxRingSize: 8388609 (expected: 10 to 8388608)", 10, 8_388_609);
    }

    private static void assertRefused(String message, int minRingSize, int maxRingSize) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> SelectionStrategy.ringHash(minRingSize, maxRingSize));

        assertEquals(message, refused.getMessage());
    }
}
