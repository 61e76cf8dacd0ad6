package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.backends;
import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a strategy must do beyond the others if it sends equal keys to equal members. */
interface KeyedStrategyContract extends SelectionStrategyContract {
    HashSecret SECRET = new HashSecret(1, 2);

    /** A new instance with that secret, as far as it takes one. */
    SelectionStrategy strategy(HashSecret secret);

    @Override
    default SelectionStrategy strategy() {
        return strategy(SECRET);
    }

    @Test
    default void theOrderOfTheListDoesNotMatter() {
        Selector one = bind(BackendPool.builder("one").backends(backends(20)).build());
        Selector two =
                bind(BackendPool.builder("two").backends(reversed(backends(20))).build());

        assertEquals(owners(one), owners(two));
    }

    @Test
    @Tag("strategy")
    @DisplayName("2 a member that is away for a while gets exactly its keys back")
    default void aMemberThatIsAwayForAWhileGetsExactlyItsKeysBack() {
        try (BackendPool pool = poolOf(6)) {
            SelectionStrategy strategy = strategy();
            List<String> before = owners(bind(strategy, pool));

            pool.markDown("b1", "refused");
            bind(strategy, pool);
            pool.drain("b4", Duration.ZERO);
            bind(strategy, pool);
            pool.markUp("b1", "status 200");
            bind(strategy, pool);
            pool.resume("b4");

            assertEquals(before, owners(bind(strategy, pool)));
        }
    }

    @Test
    default void everybodyGetsItsKeysBackAfterAnOutageOfAll() {
        BackendPool pool = poolOf(4);
        SelectionStrategy strategy = strategy();
        List<String> before = owners(bind(strategy, pool));

        for (String id : List.of("b2", "b0", "b3", "b1")) {
            pool.markDown(id, "refused");
            bind(strategy, pool);
        }
        for (String id : List.of("b1", "b3", "b2", "b0")) {
            pool.markUp(id, "status 200");
            bind(strategy, pool);
        }

        assertEquals(before, owners(bind(strategy, pool)));
    }

    @Test
    @Tag("strategy")
    @DisplayName("2 the second choice of a key is stable and spreads over all others")
    default void theSecondChoiceIsStableAndSpreadsOverAllOthers() {
        Selector selector = bind(poolOf(5));
        SplittableRandom random = new SplittableRandom(3);
        int[] second = new int[5];
        int keys = 0;
        while (keys < 10_000) {
            PickContext context = PickContext.keyed(random.nextLong());
            if (idFor(selector, context).equals("b0")) {
                PickContext other = context.excluding(backend(0));
                String choice = idFor(selector, other);
                assertEquals(choice, idFor(selector, other));
                second[Integer.parseInt(choice.substring(1))]++;
                keys++;
            }
        }

        // 2,500 each, standard deviation 43; five of them are passed once in 1.7 million, and 100 are left for uneven
        // shares.
        assertEquals(0, second[0]);
        assertTrue(Arrays.stream(second).skip(1).allMatch(n -> Math.abs(n - 2_500) < 315), Arrays.toString(second));
    }

    @Test
    default void eachFurtherChoiceIsAnotherMemberUntilAllWereTried() {
        Selector selector = bind(poolOf(5));

        for (long key = 0; key < 200; key++) {
            PickContext context = PickContext.keyed(Mix.spread(key));
            for (int tried = 0; tried < 5; tried++) {
                String choice = idFor(selector, context);
                int number = Integer.parseInt(choice.substring(1));
                assertTrue(!context.excludes(backend(number)), choice + " again");
                context = context.excluding(backend(number));
            }
        }
    }

    @Test
    default void withoutAKeyPicksDiffer() {
        Selector selector = bind(poolOf(50));

        assertNotEquals(
                1,
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> idFor(selector, PickContext.none()))
                        .distinct()
                        .count());
    }

    /** A selector of that very strategy, as a balancer makes it. */
    default Selector bind(SelectionStrategy strategy, BackendPool pool) {
        PoolSnapshot snapshot = pool.snapshot();
        return Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot);
    }

    /** Where each of 10,000 keys goes. */
    default List<String> owners(Selector selector) {
        return new SplittableRandom(11)
                .longs(10_000)
                .mapToObj(key -> idFor(selector, PickContext.keyed(key)))
                .toList();
    }

    private static String idFor(Selector selector, PickContext context) {
        return selector.select(context).backend().id();
    }
}
