package io.evenkeel;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import io.evenkeel.testing.Pools;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetersTest {
    /** Which meter it is: the number of the call that made it. */
    private record Numbered(int number) implements Meter {
        @Override
        public void began(long now) {}

        @Override
        public void answered(long began, long now, Outcome outcome) {}
    }

    private static final class Measuring implements SelectionStrategy {
        private int made;

        @Override
        public Selector selectorFor(PoolSnapshot snapshot) {
            return context -> null;
        }

        @Override
        public Meter meterFor(Member member) {
            return new Numbered(made++);
        }
    }

    private final BackendPool pool = poolOf(5);
    private final Measuring strategy = new Measuring();
    private final Meters meters = new Meters(strategy);

    private List<Integer> numbers() {
        return meters.onto(pool.snapshot()).selectable().stream()
                .map(member -> ((Numbered) member.meter()).number())
                .toList();
    }

    @Test
    void eachMemberHasOneOfItsOwn() {
        List<Integer> numbers = numbers();

        assertEquals(List.of(0, 1, 2, 3, 4), numbers);
    }

    @Test
    void theyMoveAlongWithTheirMembers() {
        numbers();

        pool.remove("b1");
        List<Integer> closedUp = numbers();
        List<Backend> turned = backends(5);
        turned.remove(1);
        Collections.reverse(turned);
        pool.replace(turned);
        List<Integer> reversed = numbers();

        assertEquals(List.of(0, 2, 3, 4), closedUp);
        assertEquals(List.of(4, 3, 2, 0), reversed);
    }

    @Test
    void whoComesBackIsNew() {
        numbers();
        pool.remove("b4");
        numbers();

        pool.add(backend(4));
        List<Integer> numbers = numbers();

        assertEquals(List.of(0, 1, 2, 3, 5), numbers);
    }

    @Test
    void anotherAddressUnderAKnownIdIsNew() {
        numbers();
        List<Backend> changed = backends(5);
        changed.set(2, Backend.of("b2", "10.9.9.9", 80));

        pool.replace(changed);
        List<Integer> numbers = numbers();

        assertEquals(List.of(0, 1, 5, 3, 4), numbers);
    }

    @Test
    void aSnapshotThatIsNotMeasuredIsTakenAsItIs() {
        PoolSnapshot snapshot = pool.snapshot();

        PoolSnapshot bound = new Meters(SelectionStrategy.random()).onto(snapshot);

        assertSame(snapshot, bound);
    }

    @Test
    void theyStayWithTheirMembersThroughAnyChanges() {
        Random random = new Random(7);
        IdentityHashMap<LoadStats, Meter> known = new IdentityHashMap<>();
        for (int change = 0; change < 1000; change++) {
            List<Backend> wanted = IntStream.range(0, 12)
                    .filter(i -> random.nextInt(3) > 0)
                    .mapToObj(Pools::backend)
                    .collect(Collectors.toList());
            Collections.shuffle(wanted, random);

            pool.replace(wanted);
            PoolSnapshot bound = meters.onto(pool.snapshot());

            IdentityHashMap<LoadStats, Meter> present = new IdentityHashMap<>();
            for (Member member : bound.selectable()) {
                Meter before = known.get(member.load());
                assertEquals(before != null ? before : member.meter(), member.meter());
                assertNotNull(member.meter());
                present.put(member.load(), member.meter());
            }
            known = present;
        }
    }
}
