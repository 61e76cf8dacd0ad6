package io.evenkeel.strategy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
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

    @Test
    void membersThatArePutInStandWhereASortWouldPutThem() {
        List<Backend> backends = new ArrayList<>(Pools.backends(50));
        Acquaintance known = Acquaintance.NONE.after(metered(), fleet);
        for (int step = 0; step < 1_000; step++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                backends.set(random.nextInt(50), Pools.backend(1_000 + 4 * step + i));
            }
            pool.replace(backends);
            Member[] now = metered();

            known = known.after(now, fleet);

            Acquaintance sorted = Acquaintance.NONE.after(now, fleet);
            assertArrayEquals(sorted.members(), known.members());
            assertArrayEquals(sorted.experiences(), known.experiences());
            assertEquals(50, Arrays.stream(known.members()).distinct().count());
        }
    }

    private Member[] metered() {
        return pool.snapshot()
                .metered(member ->
                        meters.computeIfAbsent(member.load(), load -> new Experience(fleet, load, random.nextLong())))
                .selectable()
                .toArray(Member[]::new);
    }
}
