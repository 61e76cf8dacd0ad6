package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class SkipExcludedTest {
    private static Backend at(int number, int faultDomain) {
        return backend(number).withPlacement(new Placement("west", faultDomain, 0));
    }

    private static Set<String> second(List<Backend> backends, Backend... tried) {
        BackendPool pool = BackendPool.builder("test").backends(backends).build();
        Selector selector =
                Selector.skippingExcluded(SelectionStrategy.roundRobin().selectorFor(pool.snapshot()), pool.snapshot());
        Set<String> ids = new HashSet<>();
        for (long key = 0; key < 500; key++) {
            PickContext context = PickContext.keyed(key);
            for (Backend backend : tried) {
                context = context.excluding(backend);
            }
            ids.add(selector.select(context).backend().id());
        }
        return ids;
    }

    @Test
    void aSecondChoiceIsOutsideTheFaultDomainOfTheFirst() {
        List<Backend> backends = List.of(at(0, 0), at(1, 0), at(2, 1), at(3, 2));

        assertEquals(Set.of("b2", "b3"), second(backends, backends.get(0)));
    }

    @Test
    void insideItIsBetterThanNobody() {
        List<Backend> backends = List.of(at(0, 0), at(1, 0), at(2, 0));

        assertEquals(Set.of("b1", "b2"), second(backends, backends.get(0)));
    }

    @Test
    void retriesWithoutAKeyAreSpreadAlsoWhereAllStandInOneDomain() {
        List<Backend> backends = List.of(at(0, 0), at(1, 0), at(2, 0), at(3, 0));
        BackendPool pool = BackendPool.builder("test").backends(backends).build();
        Selector selector = Selector.skippingExcluded(
                SelectionStrategy.random(new Random(1)).selectorFor(pool.snapshot()), pool.snapshot());
        Map<String, Integer> counts = new HashMap<>();

        for (int i = 0; i < 3_000; i++) {
            Member member = selector.select(PickContext.none().excluding(backends.get(0)));
            counts.merge(member.backend().id(), 1, Integer::sum);
        }

        // 1,000 each, standard deviation 26; five of them are passed once in 1.7 million.
        assertTrue(counts.values().stream().allMatch(n -> Math.abs(n - 1_000) < 130), counts.toString());
    }

    private static List<String> retries(long seed) {
        BackendPool pool = BackendPool.builder("test")
                .backends(List.of(at(0, 0), at(1, 0), at(2, 0), at(3, 0)))
                .build();
        Selector first = context -> pool.snapshot().selectable().get(0);
        Selector selector = Selector.skippingExcluded(first, pool.snapshot(), new Random(seed));
        return Stream.generate(() -> selector.select(PickContext.none().excluding(at(0, 0))))
                .limit(100)
                .map(member -> member.backend().id())
                .toList();
    }

    @Test
    void retriesAreTheSameWithTheSameSeed() {
        assertEquals(retries(1), retries(1));
        assertNotEquals(retries(1), retries(2));
    }

    @Test
    void whoseDomainIsNotKnownIsNotAvoided() {
        List<Backend> backends = List.of(backend(0), backend(1), backend(2));

        assertEquals(Set.of("b1", "b2"), second(backends, backends.get(0)));
    }

    @Test
    void theReserveComesWhenAllOthersWereTried() {
        List<Backend> backends = List.of(backend(0), backend(1), backend(2).withPriority(1));

        assertEquals(Set.of("b1"), second(backends, backends.get(0)));
        assertEquals(Set.of("b2"), second(backends, backends.get(0), backends.get(1)));
    }

    @Test
    void withEverybodyTriedThereIsNobody() {
        BackendPool pool = BackendPool.of("test", backend(0), backend(1).withPriority(1));
        Selector selector =
                Selector.skippingExcluded(SelectionStrategy.maglev().selectorFor(pool.snapshot()), pool.snapshot());

        assertNull(selector.select(PickContext.none().excluding(backend(0)).excluding(backend(1))));
    }
}
