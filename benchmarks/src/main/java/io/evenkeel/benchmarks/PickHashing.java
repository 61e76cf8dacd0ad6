package io.evenkeel.benchmarks;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Picks by key, in the wrapper that a balancer puts around every selector. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickHashing {
    private static final int KEYS = 1024;
    private static final int OPEN_PICKS_FOR_EACH = 20;

    /** Members. */
    @Param("100")
    public int members;

    private Selector maglev;
    private Selector bounded;
    private Selector swamped;
    private Selector rendezvous;
    private Selector ringHash;
    private final PickContext[] keyed = new PickContext[KEYS];
    private final PickContext[] popular = new PickContext[KEYS];
    private int nextKey;

    /** Makes the pools and their selectors. */
    @Setup
    public void setUp() {
        HashSecret secret = new HashSecret(1, 2);
        SelectionStrategy hashing =
                SelectionStrategy.maglev(MaglevOptions.defaults().withSecret(secret));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            keyed[i] = PickContext.keyed(i * 0x9e3779b97f4a7c15L);
            popular[i] = PickContext.keyed(Keys.zipf(random));
        }
        maglev = bind(hashing, pool());
        rendezvous = bind(SelectionStrategy.rendezvous(secret), pool());
        ringHash = bind(SelectionStrategy.ringHash(), pool());
        bounded = withOpenPicks(SelectionStrategy.boundedLoad(hashing), () -> PickContext.keyed(random.nextLong()));
        swamped = withOpenPicks(SelectionStrategy.boundedLoad(hashing), () -> PickContext.keyed(Keys.zipf(random)));
    }

    private PoolSnapshot pool() {
        List<Backend> backends = IntStream.range(0, members)
                .mapToObj(i -> Backend.of("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 80))
                .toList();
        return BackendPool.builder("bench").backends(backends).build().snapshot();
    }

    private static Selector bind(SelectionStrategy strategy, PoolSnapshot snapshot) {
        return Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot);
    }

    private Selector withOpenPicks(SelectionStrategy strategy, Supplier<PickContext> keys) {
        Selector selector = bind(strategy, pool());
        for (int i = 0; i < OPEN_PICKS_FOR_EACH * members; i++) {
            selector.select(keys.get()).pick();
        }
        return selector;
    }

    /** 1,024 keys in turn. */
    @Benchmark
    public Object maglev() {
        return maglev.select(keyed[nextKey++ & KEYS - 1]);
    }

    /** The same, in a pool that is busy with many keys. */
    @Benchmark
    public Object bounded() {
        return bounded.select(keyed[nextKey++ & KEYS - 1]);
    }

    /** Popular keys, in a pool that is busy with such keys: half of the picks and more do not go home. */
    @Benchmark
    public Object swamped() {
        return swamped.select(popular[nextKey++ & KEYS - 1]);
    }

    /** Asks every member for its rank. */
    @Benchmark
    public Object rendezvous() {
        return rendezvous.select(keyed[nextKey++ & KEYS - 1]);
    }

    /** A binary search over 1,024 points or more. */
    @Benchmark
    public Object ringHash() {
        return ringHash.select(keyed[nextKey++ & KEYS - 1]);
    }
}
