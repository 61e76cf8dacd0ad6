package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.testing.Pools;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AcquaintanceTest {
    private final Random random = new Random(7);
    private final Fleet fleet = new Fleet();
    private final IdentityHashMap<LoadStats, Meter> meters = new IdentityHashMap<>();
    private final BackendPool pool = Pools.poolOf(50);
    private PoolSnapshot latest = PoolSnapshot.NONE;

    @Test
    void membersThatArePutInStandWhereASortWouldPutThem() {
        List<Backend> backends = new ArrayList<>(Pools.backends(50));
        Lineup lineup = Lineup.NONE.next(metered());
        Acquaintance known = Acquaintance.NONE.after(Lineup.NONE, lineup, fleet);
        for (int step = 0; step < 1_000; step++) {
            change(backends, step);
            pool.replace(backends);
            Lineup before = lineup;
            lineup = before.next(metered());

            known = known.after(before, lineup, fleet);

            Acquaintance sorted = Acquaintance.sorted(lineup.members(), fleet);
            assertArrayEquals(sorted.members(), known.members());
            assertArrayEquals(sorted.experiences(), known.experiences());
            assertEquals(
                    backends.size(), Arrays.stream(known.members()).distinct().count());
        }
    }

    /** Some give way to others, change their weights, leave or come. */
    private void change(List<Backend> backends, int step) {
        for (int i = random.nextInt(4); i > 0; i--) {
            int place = random.nextInt(backends.size());
            Backend other = Pools.backend(1_000 + 4 * step + i);
            switch (backends.size() < 20 ? 3 : random.nextInt(4)) {
                case 0 -> backends.set(place, other);
                case 1 -> backends.set(place, backends.get(place).withWeight(1 + random.nextInt(9)));
                case 2 -> backends.remove(place);
                default -> backends.add(place, other);
            }
        }
    }

    private PoolSnapshot metered() {
        latest = pool.snapshot()
                .metered(
                        member -> meters.computeIfAbsent(
                                member.load(), load -> new Experience(fleet, load, random.nextLong())),
                        latest);
        return latest;
    }
}
