package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What strategies take over from snapshot to snapshot is what they would make of nothing. */
@Tag("membership")
class LineupTest {
    private static final int STEPS = 400;
    private static final int PICKS = 50;
    private static final List<AdminState> ADMIN_STATES = List.of(AdminState.UP, AdminState.DOWN, AdminState.NONE);
    private static final Duration DECAY = Duration.ofSeconds(10);

    /** Chance that begins anew, so that two strategies meet the same. */
    private static final class Chance implements RandomGenerator {
        private SplittableRandom random = new SplittableRandom(0);

        void restart(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }

    private final Random random = new Random(5);
    private final Chance chance = new Chance();
    private final BackendPool pool = poolOf(40);
    private int made = 40;

    @Test
    void randomChoicesAreThoseOfAStrategyThatIsNew() {
        assertChoosesAsNew(step -> new RandomChoice(chance));
    }

    @Test
    void turnsAreThoseOfAStrategyThatIsNew() {
        assertChoosesAsNew(step -> new RoundRobin(step * PICKS));
    }

    @Test
    void theLeastLoadedAreThoseOfAStrategyThatIsNew() {
        assertChoosesAsNew(step -> new LeastLoaded(3, LoadMetric.inFlight(), chance));
    }

    @Test
    void theQuickestAreThoseOfAStrategyThatIsNew() {
        assertChoosesAsNew(step -> new LeastLoaded(2, LoadMetric.peakEwma(DECAY), chance));
    }

    @Test
    void thoseThatCostLeastByAMetricOfOnesOwnAreThoseOfAStrategyThatIsNew() {
        assertChoosesAsNew(step -> new LeastLoaded(2, m -> m.backend().id().hashCode(), chance));
    }

    @Test
    void aTableIsKeptAsLongAsWeightsAre() {
        pool.replace(List.of(
                backend(0).withWeight(1), backend(1).withWeight(2), backend(2).withWeight(3)));
        Lineup first = Lineup.NONE.next(pool.snapshot());
        AliasTable table = first.table();

        pool.replace(List.of(
                backend(0).withWeight(1), backend(7).withWeight(2), backend(2).withWeight(3)));
        Lineup second = first.next(pool.snapshot());
        pool.replace(List.of(
                backend(0).withWeight(1), backend(7).withWeight(9), backend(2).withWeight(3)));
        Lineup third = second.next(pool.snapshot());

        assertSame(table, second.table());
        assertSame(first.weights(), second.weights());
        assertNotSame(table, third.table());
        assertArrayEquals(new int[] {1, 9, 3}, third.weights());
    }

    /** {@code forStep} makes one for each step, as it would be if it had made all picks before. */
    private void assertChoosesAsNew(IntFunction<SelectionStrategy> forStep) {
        SelectionStrategy kept = forStep.apply(0);
        IdentityHashMap<LoadStats, @Nullable Meter> meters = new IdentityHashMap<>();
        PoolSnapshot latest = PoolSnapshot.NONE;
        for (int step = 0; step < STEPS; step++) {
            latest = pool.snapshot().metered(m -> meters.computeIfAbsent(m.load(), load -> kept.meterFor(m)), latest);
            SelectionStrategy fresh = forStep.apply(step);
            // An own snapshot, so that nothing at all is taken over.
            PoolSnapshot alone = pool.snapshot().metered(m -> meters.get(m.load()));

            List<String> expected = choices(fresh.selectorFor(alone), step);
            List<String> chosen = choices(kept.selectorFor(latest), step);

            assertEquals(expected, chosen, "step " + step);
            change();
            open(latest.selectable());
        }
    }

    private List<String> choices(Selector selector, int seed) {
        chance.restart(seed);
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < PICKS; i++) {
            Member chosen = selector.select(PickContext.none());
            choices.add(chosen == null ? "nobody" : chosen.backend().toString());
        }
        return choices;
    }

    /** Some that do not end, so that loads differ. */
    private void open(List<Member> selectable) {
        for (int i = 0; i < 5 && !selectable.isEmpty(); i++) {
            selectable.get(random.nextInt(selectable.size())).pick();
        }
    }

    private void change() {
        List<Backend> declared = new ArrayList<>(
                pool.snapshot().members().stream().map(Member::backend).toList());
        int place = random.nextInt(declared.size());
        String id = declared.get(place).id();
        switch (random.nextInt(declared.size() < 20 ? 1 : 10)) {
            case 0 -> pool.add(backend(made++), backend(made++), backend(made++));
            case 1 -> pool.remove(id);
            case 2 -> pool.markDown(id, "refused");
            case 3 -> pool.markUp(id, "answered");
            case 4 -> pool.setAdminState(id, ADMIN_STATES.get(random.nextInt(ADMIN_STATES.size())));
            case 5 -> pool.drain(id, Duration.ofHours(1));
            case 6 -> pool.resume(id);
            case 7 -> pool.replace(backends(20 + random.nextInt(20)));
            case 8 -> {
                declared.set(place, declared.get(place).withWeight(100 * random.nextInt(4)));
                pool.replace(declared);
            }
            default -> {
                declared.set(place, backend(made++));
                pool.replace(declared);
            }
        }
    }
}
