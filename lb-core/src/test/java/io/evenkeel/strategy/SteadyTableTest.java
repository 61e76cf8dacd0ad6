package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SteadyTableTest implements KeyedStrategyContract {
    private static final int SIZE = 65_537;

    @Override
    public SelectionStrategy strategy(HashSecret secret) {
        MaglevOptions options = MaglevOptions.defaults().withSecret(secret).withSteady(true);
        return new Maglev(options, new Random(42));
    }

    /** Who has each slot. */
    private static String[] owners(SteadyTable table, PoolSnapshot snapshot) {
        String[] ids = Roll.of(snapshot.selectable()).ids();
        return Arrays.stream(table.slots()).mapToObj(i -> ids[i]).toArray(String[]::new);
    }

    private static SteadyTable first(BackendPool pool) {
        return SteadyTable.of(Roll.of(pool.snapshot().selectable()), SIZE);
    }

    private static SteadyTable next(SteadyTable table, BackendPool pool) {
        Set<String> ids =
                pool.snapshot().members().stream().map(m -> m.backend().id()).collect(Collectors.toSet());
        return table.next(Roll.of(pool.snapshot().selectable()), ids);
    }

    /** How many slots went from one member to another that are neither of them the one that came or went. */
    private static long movedBetweenOthers(String[] before, String[] after, String id) {
        long moved = 0;
        for (int slot = 0; slot < before.length; slot++) {
            moved += before[slot].equals(after[slot]) || before[slot].equals(id) || after[slot].equals(id) ? 0 : 1;
        }
        return moved;
    }

    private static void assertEven(int[] slots, PoolSnapshot snapshot) {
        int[] weights = Roll.of(snapshot.selectable()).weights();
        int[] expected = new int[weights.length];
        Turns turns = new Turns(weights);
        for (int i = 0; i < slots.length; i++) {
            expected[turns.next()]++;
        }
        int[] counts = new int[weights.length];
        Arrays.stream(slots).forEach(owner -> counts[owner]++);
        assertArrayEquals(expected, counts);
    }

    @Test
    void itBeginsAsAMaglevTable() {
        BackendPool pool = poolOf(10);
        Roll roll = Roll.of(pool.snapshot().selectable());

        assertArrayEquals(
                MaglevTable.of(roll.ids(), roll.weights(), SIZE).slots(),
                first(pool).slots());
    }

    @Test
    void whoLeavesGivesItsSlotsToAllOthersAndNothingElseMoves() {
        BackendPool pool = poolOf(100);
        SteadyTable table = first(pool);
        String[] before = owners(table, pool.snapshot());

        pool.remove("b17");
        SteadyTable without = next(table, pool);

        assertEquals(0, movedBetweenOthers(before, owners(without, pool.snapshot()), "b17"));
        assertEven(without.slots(), pool.snapshot());
    }

    @Test
    void aNewcomerTakesItsShareAndNothingElseMoves() {
        BackendPool pool = poolOf(100);
        SteadyTable table = first(pool);
        String[] before = owners(table, pool.snapshot());

        pool.add(backend(100));
        SteadyTable with = next(table, pool);

        assertEquals(0, movedBetweenOthers(before, owners(with, pool.snapshot()), "b100"));
        assertEven(with.slots(), pool.snapshot());
    }

    @Test
    void whoeverComesAndGoesAllGetTheirSlotsBackAndSharesAreEvenMeanwhile() {
        BackendPool pool = poolOf(12);
        SteadyTable table = first(pool);
        String[] home = owners(table, pool.snapshot());
        SplittableRandom random = new SplittableRandom(8);
        boolean[] isDown = new boolean[12];

        for (int step = 0; step < 300; step++) {
            int number = 1 + random.nextInt(11); // b0 stays, so that somebody is there
            isDown[number] = !isDown[number];
            String[] before = owners(table, pool.snapshot());
            if (isDown[number]) {
                pool.markDown("b" + number, "refused");
                table = next(table, pool);
                assertEquals(0, movedBetweenOthers(before, owners(table, pool.snapshot()), "b" + number));
            } else {
                pool.markUp("b" + number, "status 200");
                table = next(table, pool);
                assertIsHome("b" + number, home, owners(table, pool.snapshot()));
            }
            assertEven(table.slots(), pool.snapshot());
        }

        for (int number = 1; number < 12; number++) {
            pool.markUp("b" + number, "status 200");
        }
        assertArrayEquals(home, owners(next(table, pool), pool.snapshot()));
    }

    private static void assertIsHome(String id, String[] home, String[] now) {
        for (int slot = 0; slot < home.length; slot++) {
            assertTrue(!home[slot].equals(id) || now[slot].equals(id), "slot " + slot + " is at " + now[slot]);
        }
    }

    @Test
    void aShareThatGrowsInStepsEndsWithExactlyTheOldSlots() {
        BackendPool pool = weighted(100, 100, 100, 100);
        SteadyTable table = first(pool);
        String[] home = owners(table, pool.snapshot());
        pool.markDown("b2", "refused");
        table = next(table, pool);
        pool.markUp("b2", "status 200");

        for (int weight = 10; weight <= 100; weight += 5) {
            String[] before = owners(table, pool.snapshot());
            pool.replace(List.of(backend(0), backend(1), backend(2).withWeight(weight), backend(3)));
            table = next(table, pool);
            // Shares are whole numbers: a step may take one slot more from one of the three and one less from another.
            if (weight > 10) {
                assertTrue(movedBetweenOthers(before, owners(table, pool.snapshot()), "b2") <= 3, "at " + weight);
            }
        }

        assertArrayEquals(home, owners(table, pool.snapshot()));
    }

    @Test
    void anotherMemberMayComeWhileOneIsAway() {
        BackendPool pool = poolOf(5);
        SteadyTable table = first(pool);
        pool.markDown("b1", "refused");
        table = next(table, pool);
        pool.add(backend(5));
        table = next(table, pool);
        pool.markUp("b1", "status 200");
        table = next(table, pool);
        String[] home = owners(table, pool.snapshot());

        pool.markDown("b5", "refused");
        table = next(table, pool);
        pool.markUp("b5", "status 200");
        table = next(table, pool);

        assertArrayEquals(home, owners(table, pool.snapshot()));
        assertEven(table.slots(), pool.snapshot());
    }

    @Test
    void aPoolThatShrinksBelowTheLimitKeepsItsLargeTable() {
        BackendPool pool = poolOf(601);
        SelectionStrategy strategy = strategy();
        List<String> before = owners(bind(strategy, pool));
        pool.remove("b600");

        List<String> after = owners(bind(strategy, pool));

        long moved = java.util.stream.IntStream.range(0, before.size())
                .filter(i ->
                        !before.get(i).equals(after.get(i)) && !before.get(i).equals("b600"))
                .count();
        assertEquals(0, moved);
    }
}
