package io.evenkeel.availability;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("membership")
class AvailabilitySetTest {
    private static final String TOO_FEW =
            "pool \"web\" has 1 member (expected: 2 or more, so that one is left while another is restarted or lost)";
    private static final String ONE_DOMAIN =
            "pool \"web\" has all its members in fault domain 0 (expected: 2 or more, so that one rack can be lost)";

    private final AvailabilitySet set = AvailabilitySet.of(3, 2);

    @Test
    @DisplayName("3. an availability set of 3 and 2 assigns fault and update domains in turn")
    void assignsDomainsInTurn() {
        List<Backend> placed = set.place(backends(6));

        assertEquals(
                List.of("b0 0/0", "b1 1/1", "b2 2/0", "b3 0/1", "b4 1/0", "b5 2/1"),
                placed.stream()
                        .map(b -> b + " " + b.placement().faultDomain() + "/"
                                + b.placement().updateDomain())
                        .toList());
    }

    @Test
    void aMachineHasTheDomainsOfItsNumberWhoeverElseIsThere() {
        assertEquals(set.place(backends(6)).get(4), set.place(4, backend(4)));
    }

    @Test
    void placingKeepsTheZoneAndOtherLabels() {
        Backend declared =
                backend(0).withPlacement(new Placement("north", -1, -1)).withLabels(Map.of("rack", "7"));

        Backend placed = set.withName("web").place(1, declared);

        assertEquals(new Placement("north", 1, 1), placed.placement());
        assertEquals(Map.of("rack", "7", AvailabilitySet.LABEL, "web"), placed.labels());
    }

    @Test
    void backendsOfOneSetPassTheCheck() {
        List<Backend> placed = set.place(backends(3));

        assertSame(placed, set.requireAll(placed));
    }

    @Test
    @DisplayName("3. members of another availability set or of none are refused where the check is wanted")
    void backendsOfAnotherSetOrOfNoneAreRefused() {
        List<Backend> mixed =
                List.of(set.place(0, backend(0)), set.withName("db").place(1, backend(1)));

        assertEquals(
                "backend: \"b1\" in availability set \"db\" (expected: all in \"default\")",
                assertThrows(IllegalArgumentException.class, () -> set.requireAll(mixed))
                        .getMessage());
        assertEquals(
                "backend: \"b0\" in availability set none (expected: all in \"default\")",
                assertThrows(IllegalArgumentException.class, () -> set.requireAll(backends(1)))
                        .getMessage());
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        assertEquals(
                "faultDomains: 0 (expected: 1 to 1000)",
                assertThrows(IllegalArgumentException.class, () -> AvailabilitySet.of(0, 2))
                        .getMessage());
        assertEquals(
                "updateDomains: 1001 (expected: 1 to 1000)",
                assertThrows(IllegalArgumentException.class, () -> AvailabilitySet.of(3, 1_001))
                        .getMessage());
        assertEquals(
                "number: -1 (expected: >= 0)",
                assertThrows(IllegalArgumentException.class, () -> set.place(-1, backend(0)))
                        .getMessage());
        assertEquals(
                "name: (expected: a name without control characters)",
                assertThrows(IllegalArgumentException.class, () -> set.withName("a\nb"))
                        .getMessage());
    }

    @Test
    @DisplayName("3. a pool of fewer than 2 members and one that sits in one fault domain are warned of")
    void smallAndCrowdedPoolsAreWarnedOf() {
        assertEquals(List.of(TOO_FEW), warnings(set.place(backends(1))));
        assertEquals(List.of(ONE_DOMAIN), warnings(List.of(set.place(0, backend(0)), set.place(3, backend(3)))));
        assertEquals(List.of(), warnings(set.place(backends(2))));
    }

    @Test
    void membersInUnknownDomainsAreNotWarnedOf() {
        assertEquals(List.of(), warnings(backends(2)));
    }

    @Test
    void domainsOfTheSameNumberInTwoZonesAreTwoDomains() {
        Backend north = backend(0).withPlacement(new Placement("north", 0, 0));
        Backend south = backend(1).withPlacement(new Placement("south", 0, 0));

        assertEquals(List.of(), warnings(List.of(north, south)));
    }

    @Test
    void aWatchedPoolWarnsWhenAFindingBeginsAndNotAtEachChange() {
        List<String> heard = new ArrayList<>();
        BackendPool pool =
                BackendPool.builder("web").backends(set.place(backends(2))).build();
        Subscription watching = AvailabilitySet.watch(pool, heard::add);
        assertEquals(List.of(), heard);

        pool.remove("b1");
        pool.markDown("b0", "refused");
        assertEquals(List.of(TOO_FEW), heard);

        pool.add(set.place(1, backend(1)));
        pool.remove("b1");
        assertEquals(List.of(TOO_FEW, TOO_FEW), heard);

        watching.close();
        pool.add(set.place(3, backend(3)));
        assertEquals(2, heard.size());
    }

    private static List<String> warnings(List<Backend> backends) {
        return AvailabilitySet.warnings(
                BackendPool.builder("web").backends(backends).build().snapshot());
    }
}
