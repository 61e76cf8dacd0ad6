package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.backend;
import static io.evenkeel.testing.Pools.poolOf;
import static io.evenkeel.testing.Pools.weighted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.affinity.XxHash64;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Placement;
import io.evenkeel.pool.BackendPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest implements KeyedStrategyContract {
    private static final int KEYS = 20_000;

    @Override
    public SelectionStrategy strategy(HashSecret secret) {
        return new Rendezvous(secret, new Random(42));
    }

    @Test
    void whoLeavesIsFollowedByTheSecondInRankAndNothingElseChanges() {
        BackendPool pool = poolOf(6);
        Selector before = bind(pool);
        pool.remove("b2");
        Selector after = bind(pool);

        for (long key = 0; key < 1_000; key++) {
            List<String> rank = rank(before, key, 6);
            rank.remove("b2");
            assertEquals(rank, rank(after, key, 5));
        }
    }

    private static List<String> rank(Selector selector, long key, int members) {
        List<String> rank = new ArrayList<>();
        PickContext context = PickContext.keyed(key);
        for (int i = 0; i < members; i++) {
            Backend backend = selector.select(context).backend();
            rank.add(backend.id());
            context = context.excluding(backend);
        }
        return rank;
    }

    @Test
    void whoBecomesHeavierTakesKeysAndNobodyElseDoes() {
        Selector before = bind(weighted(100, 100, 100, 100));
        Selector after = bind(weighted(100, 101, 100, 100));

        int taken = 0;
        for (long key = 0; key < KEYS; key++) {
            String was = idFor(before, key);
            String is = idFor(after, key);
            assertTrue(is.equals(was) || is.equals("b1"), was + " gave a key to " + is);
            taken += is.equals(was) ? 0 : 1;
        }

        // Its share goes from 0.25 to 0.25187: 37 keys, standard deviation 6.
        assertEquals(37, taken, 30);
    }

    @Test
    void theScaleOfTheWeightsDoesNotMatter() {
        Selector fine = bind(weighted(300, 100, 200));
        Selector coarse = bind(weighted(3, 1, 2));

        for (long key = 0; key < KEYS; key++) {
            assertEquals(idFor(fine, key), idFor(coarse, key));
        }
    }

    @Test
    void theLogarithmIsSkippedOnlyWhereItCannotWin() {
        int[] weights = {1, 65_535, 500, 500, 3, 20_000};
        Roll roll = Roll.of(weighted(weights).snapshot().selectable());
        KeyHash hash = new KeyHash(SECRET, new Random(1));
        Ranking ranking = new Ranking(hash, roll);

        for (long key = 0; key < KEYS; key++) {
            long hashed = hash.of(key);
            int expected = IntStream.range(0, weights.length)
                    .boxed()
                    .max((a, b) -> Double.compare(score(hashed, a, weights[a]), score(hashed, b, weights[b])))
                    .orElseThrow();
            assertEquals(
                    "b" + expected,
                    ranking.select(PickContext.keyed(key)).backend().id());
        }
    }

    private static double score(long hash, int member, int weight) {
        long mark = XxHash64.hash(("b" + member).getBytes(java.nio.charset.StandardCharsets.UTF_8), 0);
        double u = ((Mix.spread(hash ^ mark) >>> 12) + 0.5) * 0x1p-52;
        return weight / -Math.log(u);
    }

    @Test
    void theNextInRankOutsideTheFaultDomainComesFirst() {
        List<Backend> backends = List.of(at(0, 0), at(1, 0), at(2, 1), at(3, 0));
        Selector selector = bind(BackendPool.builder("test").backends(backends).build());

        for (long key = 0; key < 200; key++) {
            PickContext failed = PickContext.keyed(key).excluding(backends.get(0));
            assertEquals("b2", selector.select(failed).backend().id());
        }
    }

    @Test
    void whereAllStandInOneDomainTheNextInRankIsTaken() {
        List<Backend> backends = List.of(at(0, 0), at(1, 0), at(2, 0), at(3, 0));
        Selector together = bind(BackendPool.builder("test").backends(backends).build());
        Selector anywhere = bind(poolOf(4));

        for (long key = 0; key < 200; key++) {
            assertEquals(rank(anywhere, key, 4), rank(together, key, 4));
        }
    }

    private static Backend at(int number, int faultDomain) {
        return backend(number).withPlacement(new Placement("west", faultDomain, 0));
    }

    private static String idFor(Selector selector, long key) {
        return selector.select(PickContext.keyed(key)).backend().id();
    }
}
