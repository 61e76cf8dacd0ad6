package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.testing.Documentation;
import io.evenkeel.testing.Vectors;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedLoadTest implements KeyedStrategyContract {
    private static final int MEMBERS = 100;
    private static final int MEAN = 100;

    @Override
    public SelectionStrategy strategy(HashSecret secret) {
        return bounded(new Maglev(MaglevOptions.defaults().withSecret(secret), new Random(42)));
    }

    private static SelectionStrategy bounded(SelectionStrategy strategy) {
        return new BoundedLoad(strategy, 1.25, new Random(7));
    }

    private static SelectionStrategy hashing(String name) {
        return switch (name) {
            case "maglev" -> new Maglev(MaglevOptions.defaults().withSecret(SECRET), new Random(1));
            case "rendezvous" -> new Rendezvous(SECRET, new Random(1));
            default -> new RingHash(1024, 4096, new Random(1));
        };
    }

    @Nested
    class OfRendezvous implements KeyedStrategyContract {
        @Override
        public SelectionStrategy strategy(HashSecret secret) {
            return bounded(new Rendezvous(secret, new Random(42)));
        }
    }

    /** Round robin knows nothing of keys, and is bounded all the same. */
    @Nested
    class OfRoundRobin implements SelectionStrategyContract {
        @Override
        public SelectionStrategy strategy() {
            return bounded(new RoundRobin(0));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"maglev", "rendezvous", "ring"})
    @Tag("strategy")
    @DisplayName("3 under Zipf keys the busiest member stays under 1.3 times the mean in flight")
    void underZipfKeysTheBusiestStaysNearTheMean(String name) {
        BackendPool pool = poolOf(MEMBERS);
        Selector selector = bounded(hashing(name)).selectorFor(pool.snapshot());
        ZipfKeys keys = new ZipfKeys(100_000, 1.1, 3);
        Deque<Pick> open = new ArrayDeque<>();
        long busiest = 0;

        for (int i = 0; i < 6 * MEMBERS * MEAN; i++) {
            Member member = selector.select(PickContext.keyed(keys.next()));
            open.add(member.pick());
            if (open.size() > MEMBERS * MEAN) {
                open.remove().close();
                busiest = Math.max(busiest, member.load().inFlight());
            }
        }

        // By the rule 125 or 126. The census is behind, and 1.3 leaves it 4 % of the total.
        assertTrue(busiest >= 125 && busiest < 1.3 * MEAN, "busiest: " + busiest);
    }

    @Test
    void theTableOfTheDocumentationIsWhatIsMeasuredHere() throws IOException {
        List<String> table = new ArrayList<>();
        table.add("| factor | busiest / mean | picks that do not go home |");
        table.add("|---|---|---|");
        for (double factor : new double[] {1.1, 1.25, 1.5, 2, 100}) {
            table.add(row(factor));
        }

        Documentation.assertHasTable(table);
    }

    private static String row(double factor) {
        Selector home = hashing("maglev").selectorFor(poolOf(MEMBERS).snapshot());
        Selector selector = new BoundedLoad(hashing("maglev"), factor, new Random(7))
                .selectorFor(poolOf(MEMBERS).snapshot());
        ZipfKeys keys = new ZipfKeys(100_000, 1.1, 3);
        Deque<Pick> open = new ArrayDeque<>();
        long busiest = 0;
        int away = 0;
        int picks = 5 * MEMBERS * MEAN;
        for (int i = -MEMBERS * MEAN; i < picks; i++) {
            PickContext context = PickContext.keyed(keys.next());
            Member member = selector.select(context);
            open.add(member.pick());
            if (i >= 0) {
                open.remove().close();
                busiest = Math.max(busiest, member.load().inFlight());
                away += member.backend().equals(home.select(context).backend()) ? 0 : 1;
            }
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %d %% |",
                factor,
                (double) busiest / MEAN,
                Math.round(100.0 * away / picks));
    }

    @Test
    void withoutABoundTheSameKeysSwampOneMember() {
        BackendPool pool = poolOf(MEMBERS);
        Selector selector = hashing("maglev").selectorFor(pool.snapshot());
        ZipfKeys keys = new ZipfKeys(100_000, 1.1, 3);

        for (int i = 0; i < MEMBERS * MEAN; i++) {
            selector.select(PickContext.keyed(keys.next())).pick();
        }

        // The first key alone is 15 % of all.
        assertTrue(pool.snapshot().members().stream().anyMatch(m -> m.load().inFlight() > 10 * MEAN));
    }

    @Test
    @Tag("strategy")
    @DisplayName("3 a member holds as many as by the published vectors")
    void aMemberHoldsAsManyAsByTheVectors() {
        Vectors.objects("bounded_load.json", "cases").forEach(vector -> {
            long total = vector.get("active_total").getAsLong();
            double factor = vector.get("factor_percent").getAsInt() / 100.0;
            int weight =
                    vector.has("weight") ? (int) (100 * vector.get("weight").getAsDouble()) : 1;
            int weights = vector.has("weight") ? 100 : vector.get("hosts").getAsInt();

            assertEquals(
                    vector.get("slots_per_host").getAsInt(),
                    Math.ceil(BoundedSelector.bound(factor / weights, weight, total)),
                    vector.toString());
        });
    }

    @Test
    void aPopularKeyOverflowsToTheSameOthersEveryTime() {
        BackendPool pool = poolOf(20);
        Selector selector = strategy().selectorFor(pool.snapshot());
        PickContext popular = PickContext.keyed(42);
        String home = selector.select(popular).backend().id();
        // One each, so that all have room for a second, and nobody for a third.
        pool.snapshot().members().forEach(Member::pick);
        List<String> first = fourHomes(pool, popular);

        List<String> again = fourHomes(pool, popular);

        assertEquals(first, again);
        assertEquals(home, first.get(0));
        assertEquals(4, new HashSet<>(first).size());
    }

    /** Where four picks of one key go; they have ended when it returns. */
    private List<String> fourHomes(BackendPool pool, PickContext context) {
        Selector selector = strategy().selectorFor(pool.snapshot());
        Deque<Pick> open = new ArrayDeque<>();
        for (int i = 0; i < 4; i++) {
            open.add(selector.select(context).pick());
        }
        List<String> homes = open.stream().map(pick -> pick.backend().id()).toList();
        open.forEach(Pick::close);
        return homes;
    }

    @Test
    void theBoundFollowsTheWeights() {
        BackendPool pool = weighted(100, 100, 600);
        Selector selector = strategy().selectorFor(pool.snapshot());

        for (int i = 0; i < 8_000; i++) {
            selector.select(PickContext.keyed(5)).pick();
        }

        // One key: its home is full at 1.25 times its share, then the next; the census knows to a few picks.
        List<Member> members = pool.snapshot().members();
        assertTrue(members.get(0).load().inFlight() <= 1_255, pool.snapshot().toString());
        assertTrue(members.get(1).load().inFlight() <= 1_255, pool.snapshot().toString());
        assertTrue(members.get(2).load().inFlight() >= 5_490, pool.snapshot().toString());
    }

    @Test
    void picksThatOthersMakeOfTheSamePoolCountToo() {
        BackendPool pool = poolOf(10);
        SelectionStrategy strategy = strategy();
        PickContext context = PickContext.keyed(3);
        Member home = strategy.selectorFor(pool.snapshot()).select(context);

        for (int i = 0; i < 50; i++) {
            home.pick();
        }

        Selector selector = strategy.selectorFor(pool.snapshot());
        assertNotEquals(home.backend(), selector.select(context).backend());
    }

    @Test
    void someoneHasRoomAlsoWhenTheCensusIsFarBehind() {
        BackendPool pool = poolOf(3);
        RandomGenerator never = () -> -1; // not the chance in two by which it counts
        Selector selector = new BoundedLoad(hashing("maglev"), 1.25, never).selectorFor(pool.snapshot());
        List<Member> members = pool.snapshot().members();
        for (int i = 0; i < 1_000; i++) {
            members.get(0).pick();
            members.get(1).pick();
        }
        members.get(2).pick();

        // It knows of no open pick, so that nobody has room; counted, 834 is the bound.
        for (int i = 0; i < 500; i++) {
            Member member = selector.select(PickContext.keyed(i));
            assertEquals("b2", member.backend().id());
            member.pick();
        }
    }

    @Test
    void aSecondChoiceIsTheNextInRankThatHasRoom() {
        BackendPool pool = poolOf(6);
        Selector ranking = hashing("rendezvous").selectorFor(pool.snapshot());
        PickContext context = PickContext.keyed(11);
        List<Member> rank = new ArrayList<>();
        for (PickContext next = context;
                rank.size() < 6;
                next = next.excluding(rank.get(rank.size() - 1).backend())) {
            rank.add(ranking.select(next));
        }
        rank.get(1).pick(); // of two picks, 1.25 / 6 is less than the one it has

        Selector bounded = bind(bounded(hashing("rendezvous")), pool);

        assertEquals(rank.get(0), bounded.select(context));
        assertEquals(rank.get(2), bounded.select(context.excluding(rank.get(0).backend())));
    }

    @Test
    void anExcludedMemberIsPassedOverAlsoWhereTheOthersAreFull() {
        BackendPool pool = poolOf(2);
        pool.snapshot().members().get(1).pick();
        pool.snapshot().members().get(1).pick();
        Selector selector = bind(pool);

        assertEquals(
                "b1",
                selector.select(PickContext.keyed(1).excluding(backend(0)))
                        .backend()
                        .id());
    }

    @Test
    void theFactorIsChecked() {
        for (double factor : new double[] {1, 0.5, 100.5, Double.NaN}) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> SelectionStrategy.boundedLoad(SelectionStrategy.maglev(), factor));

            assertEquals("factor: " + factor + " (expected: > 1 and <= 100)", refused.getMessage());
        }
    }
}
