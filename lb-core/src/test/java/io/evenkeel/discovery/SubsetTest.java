package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Pools;
import io.evenkeel.testing.Vectors;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("membership")
class SubsetTest {
    private final Random random = new Random(17);

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("peers: 0 (expected: >= 1)", () -> Subset.ofPeer(0, 0)),
                refused("index: -1 (expected: 0 to 2)", () -> Subset.ofPeer(-1, 3)),
                refused("index: 3 (expected: 0 to 2)", () -> Subset.ofPeer(3, 3)),
                refused("size: 0 (expected: >= 1)", () -> Subset.ofPeer(0, 3).withSize(0)),
                refused(
                        "size: 0 (expected: >= 1)",
                        () -> Subset.ofClient("web-1").withSize(0)),
                refused("id: \" \" (expected: not blank)", () -> Subset.ofClient(" ")));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aSettingOutOfItsRangeIsRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static List<Subset> peers(int peers, int size) {
        return IntStream.range(0, peers)
                .mapToObj(i -> Subset.ofPeer(i, peers).withSize(size))
                .toList();
    }

    private static List<Subset> clients(int clients, int size) {
        return IntStream.range(0, clients)
                .mapToObj(i -> Subset.ofClient("client-" + i).withSize(size))
                .toList();
    }

    private static List<String> ids(List<Backend> backends) {
        return backends.stream().map(Backend::id).toList();
    }

    private static Map<String, Integer> clientsOf(List<Subset> subsets, List<Backend> backends) {
        Map<String, Integer> clients = new HashMap<>();
        backends.forEach(b -> clients.put(b.id(), 0));
        subsets.forEach(subset -> ids(subset.of(backends)).forEach(id -> clients.merge(id, 1, Integer::sum)));
        return clients;
    }

    @ParameterizedTest(name = "{0} clients, {1} backends, size {2}")
    @CsvSource({
        "1, 1, 20",
        "3, 4, 2",
        "10, 10, 3",
        "47, 120, 12",
        "100, 10, 5",
        "300, 300, 10",
        "7, 1000, 20",
        "97, 101, 13"
    })
    @DisplayName("every backend has as many clients as every other, but for one")
    void clientsOfPeersAreShared(int peers, int backends, int size) {
        Map<String, Integer> clients = clientsOf(peers(peers, size), Pools.backends(backends));

        int most = Collections.max(clients.values());
        int least = Collections.min(clients.values());
        assertTrue(least >= 1 && most - least <= 1, least + " to " + most);
    }

    @ParameterizedTest(name = "{0} clients, {1} backends, size {2}")
    @CsvSource({"3, 4, 2", "47, 120, 12", "100, 10, 5", "300, 300, 10", "97, 101, 13"})
    @DisplayName("clients that send as much each give every backend the same traffic")
    void trafficOfPeersIsShared(int peers, int backends, int size) {
        List<Backend> heavy =
                Pools.backends(backends).stream().map(b -> b.withWeight(10_000)).toList();
        Map<String, Double> traffic = new HashMap<>();
        for (Subset subset : peers(peers, size)) {
            List<Backend> part = subset.of(heavy);
            double total = part.stream().mapToInt(Backend::weight).sum();
            part.forEach(b -> traffic.merge(b.id(), b.weight() / total, Double::sum));
        }

        // A weight of 10,000 is rounded by half of one: by at most 1 in 10,000 where a tenth of a backend is in an arc.
        double mean = (double) peers / backends;
        traffic.values().forEach(share -> assertEquals(mean, share, 0.001 * mean));
    }

    @Test
    void aPeerHasTheArcsOfTheVectors() {
        JsonArray cases = aperture();

        cases.forEach(element -> {
            JsonObject vector = element.getAsJsonObject();
            int servers = vector.get("servers").getAsInt();
            int clients = vector.get("clients").getAsInt();
            double[] expected = new double[servers];
            vector.getAsJsonArray("members_and_fraction_of_unit")
                    .forEach(pair -> expected[pair.getAsJsonArray().get(0).getAsInt()] =
                            pair.getAsJsonArray().get(1).getAsDouble());
            int[] parts = new PeerSubset(
                            vector.get("client").getAsInt(),
                            clients,
                            vector.get("aperture").getAsInt())
                    .parts(servers);
            assertEquals(servers, parts.length);
            for (int i = 0; i < servers; i++) {
                assertEquals(expected[i], (double) parts[i] / clients, 1e-6, vector + ", server " + i);
            }
        });
    }

    private static JsonArray aperture() {
        return vector("deterministic aperture").getAsJsonArray("by_client");
    }

    private static JsonObject vector(String name) {
        return Vectors.objects("subsetting.json", "cases")
                .filter(v -> v.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aClientHasTheSubsetsOfTheVectors() {
        JsonObject vector = vector("A68");
        List<Backend> backends = Arrays.stream(Vectors.strings(vector, "endpoints"))
                .map(address -> Backend.of(address.split(":", 2)[0], 8080))
                .toList();
        int size = vector.get("subset_size").getAsInt();

        vector.getAsJsonArray("by_seed").forEach(element -> {
            JsonObject expected = element.getAsJsonObject();
            Subset subset = new ClientSubset(expected.get("seed").getAsLong(), size);
            List<Backend> part = subset.of(backends);
            assertEquals(List.of(Vectors.strings(expected, "subset")), ids(part));
            List<Backend> fewer =
                    backends.stream().filter(b -> !b.equals(part.get(0))).toList();
            assertEquals(List.of(Vectors.strings(expected, "subset_after_removing_first")), ids(subset.of(fewer)));
        });
    }

    @Test
    void theOrderOfTheListDoesNotMatter() {
        List<Backend> backends = Pools.backends(100);
        List<Backend> shuffled = Pools.backends(100);
        Collections.shuffle(shuffled, new Random(1));

        for (Subset subset : List.of(Subset.ofPeer(3, 7), Subset.ofClient("web-3"))) {
            assertEquals(subset.of(backends), subset.of(shuffled));
        }
    }

    @Test
    void whereThereAreNotMoreAllAreInIt() {
        List<Backend> backends = Pools.backends(20);

        for (Subset subset : List.of(Subset.ofPeer(3, 7), Subset.ofClient("web-3"))) {
            assertEquals(Set.copyOf(backends), Set.copyOf(subset.of(backends)));
            assertEquals(List.of(), subset.of(List.of()));
        }
    }

    @Test
    void eachPriorityHasASubsetOfItsOwn() {
        List<Backend> backends = Pools.backends(100);
        backends.replaceAll(b -> b.withPriority(b.id().endsWith("7") ? 1 : 0));

        for (Subset subset :
                List.of(Subset.ofPeer(3, 100).withSize(5), Subset.ofClient("c").withSize(5))) {
            Map<Integer, Long> sizes = subset.of(backends).stream()
                    .collect(Collectors.groupingBy(Backend::priority, Collectors.counting()));
            assertTrue(sizes.get(0) >= 5 && sizes.get(1) >= 5, sizes.toString());
        }
    }

    @Test
    void aPartOfABackendIsAPartOfItsWeightAndNeverNothing() {
        // Client 0 of 3 has an arc of 8 thirds: of the third backend two thirds.
        List<Backend> normal = Subset.ofPeer(0, 3).withSize(2).of(Pools.backends(4));
        List<Backend> light = Subset.ofPeer(2, 3)
                .withSize(2)
                .of(Pools.backends(4).stream().map(b -> b.withWeight(1)).toList());
        List<Backend> none = Subset.ofPeer(2, 3)
                .withSize(2)
                .of(Pools.backends(4).stream().map(b -> b.withWeight(0)).toList());

        assertEquals(List.of(100, 100, 67), normal.stream().map(Backend::weight).toList());
        assertEquals(List.of(1, 1, 1, 1), light.stream().map(Backend::weight).toList());
        assertEquals(List.of(0, 0, 0, 0), none.stream().map(Backend::weight).toList());
    }

    private static int given(Subset subset, List<Backend> before, List<Backend> after) {
        Set<String> gone = new HashSet<>(ids(subset.of(before)));
        gone.removeAll(ids(subset.of(after)));
        return gone.size();
    }

    @ParameterizedTest(name = "{0} clients, {1} backends, size {2}")
    @CsvSource({"47, 120, 12", "100, 10, 5", "300, 300, 10", "97, 101, 13", "20, 400, 20"})
    @DisplayName("a client gives up two backends at most for one that comes or goes, or an arc's step more")
    void peersKeepNearlyAll(int peers, int backends, int size) {
        List<Backend> before = Pools.backends(backends);
        for (int i = 0; i < 10; i++) {
            List<Backend> after = Pools.backends(backends);
            Backend leaving = after.remove(random.nextInt(backends));
            int step = (backends + peers - 1) / peers;
            boolean isShorter = steps(peers, backends, size) != steps(peers, backends - 1, size);
            for (Subset subset : peers(peers, size)) {
                int left = given(subset, before, after);
                int had = ids(subset.of(before)).contains(leaving.id()) ? 1 : 0;
                int leftForNew = given(subset, after, before);
                assertTrue(left <= 2 + had, left + " for one that left");
                assertTrue(leftForNew <= 2 + (isShorter ? step : 0), leftForNew + " for one that came");
            }
        }
    }

    private static int steps(int peers, int backends, int size) {
        return Math.max(1, Math.min(peers, Math.round((float) size * peers / backends)));
    }

    @Test
    void aClientGivesUpOneBackendAtMostAndOnlyForTheNewOne() {
        List<Backend> fewer = Pools.backends(300);
        Backend comer = fewer.remove(123);
        List<Backend> more = Pools.backends(300);
        int gainers = 0;

        for (Subset subset : clients(300, 20)) {
            boolean has = subset.of(more).contains(comer);
            assertEquals(has ? 1 : 0, given(subset, fewer, more));
            assertEquals(has ? 1 : 0, given(subset, more, fewer));
            gainers += has ? 1 : 0;
        }

        // 300 clients with a chance of 1 in 15: 20 with a deviation of 4.3.
        assertTrue(gainers > 0 && gainers < 42, gainers + " of 300");
    }

    @Test
    void clientsAreSpreadAsByChance() {
        Map<String, Integer> clients = clientsOf(clients(300, 20), Pools.backends(300));

        // Binomial: mean 20, deviation 4.3; the largest of 300 is rarely beyond 4 deviations.
        assertTrue(Collections.min(clients.values()) >= 3, clients.toString());
        assertTrue(Collections.max(clients.values()) <= 38, clients.toString());
    }
}
