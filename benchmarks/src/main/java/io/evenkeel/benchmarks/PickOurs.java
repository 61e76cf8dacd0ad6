package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Our picks, as they are shipped: every selector in the wrapper that a balancer puts around it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickOurs {
    private static final int KEYS = 1024;

    /** Members. */
    @Param("100")
    public int members;

    /** One of {@link Strategies}. */
    @Param("round robin")
    public String strategy;

    private Selector selector;
    private LoadBalancer balancer;
    private final PickContext none = PickContext.none();
    private final PickContext[] keyed = new PickContext[KEYS];

    /** A thread's own place among the keys. */
    @State(Scope.Thread)
    public static class Key {
        private int next;

        int next() {
            return next++ & KEYS - 1;
        }
    }

    /** Makes the pools, and a selector and a balancer over them. */
    @Setup
    public void setUp() {
        selector = experienced(Strategies.named(strategy));
        balancer = LoadBalancer.over(pool(System::nanoTime))
                .strategy(Strategies.named(strategy))
                .build();
        for (int i = 0; i < KEYS; i++) {
            keyed[i] = PickContext.keyed(i * 0x9e3779b97f4a7c15L);
        }
    }

    private BackendPool pool(LongSupplier clock) {
        return BackendPool.builder("bench")
                .backends(Strategies.backends(strategy, members))
                .nanoClock(clock)
                .build();
    }

    /** A selector; if it measures, it has seen answers of all members after 10 ms, and one request is open at each for 5 ms. */
    private Selector experienced(SelectionStrategy chosen) {
        AtomicLong time = new AtomicLong(1);
        PoolSnapshot snapshot = pool(time::get).snapshot().metered(chosen::meterFor);
        if (snapshot.selectable().get(0).meter() != null) {
            for (int i = 0; i < 20; i++) {
                List<Pick> open =
                        snapshot.selectable().stream().map(Member::pick).toList();
                time.addAndGet(10_000_000 + i % 3 * 1_000_000);
                open.forEach(Pick::responded);
                open.forEach(pick -> pick.report(Outcome.SUCCESS));
            }
            snapshot.selectable().forEach(Member::pick);
            time.addAndGet(5_000_000);
        }
        return Selector.skippingExcluded(chosen.selectorFor(snapshot), snapshot);
    }

    /** A choice without a key. */
    @Benchmark
    public Object select() {
        return selector.select(none);
    }

    /** 1,024 keys in turn. */
    @Benchmark
    public Object selectKeyed(Key key) {
        return selector.select(keyed[key.next()]);
    }

    /** A whole pick: choose, count in, count out. */
    @Benchmark
    public Object cycle() throws NoBackendException {
        Pick pick = balancer.pick();
        pick.report(Outcome.SUCCESS);
        return pick.member();
    }

    /** A whole pick with its latency. */
    @Benchmark
    public Object timedCycle() throws NoBackendException {
        Pick pick = balancer.pick();
        pick.responded();
        pick.report(Outcome.SUCCESS);
        return pick.member();
    }
}
