package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Duration DECAY = Duration.ofSeconds(10);

    /** Members. */
    @Param("100")
    public int members;

    private Selector roundRobin;
    private Selector weightedRoundRobin;
    private Selector random;
    private Selector maglev;
    private Selector leastLoaded;
    private Selector peakEwma;
    private Selector adaptive;
    private LoadBalancer balancer;
    private LoadBalancer leastLoadedBalancer;
    private LoadBalancer peakEwmaBalancer;
    private LoadBalancer adaptiveBalancer;
    private final PickContext none = PickContext.none();
    private final PickContext[] keyed = new PickContext[KEYS];
    private int nextKey;

    /** Makes the pools and their selectors. */
    @Setup
    public void setUp() {
        PoolSnapshot equal = pool(false).snapshot();
        PoolSnapshot weighted = pool(true).snapshot();
        roundRobin = bind(SelectionStrategy.roundRobin(), equal);
        weightedRoundRobin = bind(SelectionStrategy.roundRobin(), weighted);
        random = bind(SelectionStrategy.random(), equal);
        maglev = bind(SelectionStrategy.maglev(), equal);
        leastLoaded = bind(SelectionStrategy.leastLoaded(), equal);
        peakEwma = experienced(SelectionStrategy.leastLoaded(2, LoadMetric.peakEwma(DECAY)));
        adaptive = experienced(SelectionStrategy.adaptive());
        peakEwmaBalancer = LoadBalancer.over(pool(false))
                .strategy(SelectionStrategy.leastLoaded(2, LoadMetric.peakEwma(DECAY)))
                .build();
        adaptiveBalancer = LoadBalancer.over(pool(false))
                .strategy(SelectionStrategy.adaptive())
                .build();
        balancer = LoadBalancer.over(pool(false)).build();
        leastLoadedBalancer = LoadBalancer.over(pool(false))
                .strategy(SelectionStrategy.leastLoaded())
                .build();
        for (int i = 0; i < KEYS; i++) {
            keyed[i] = PickContext.keyed(i * 0x9e3779b97f4a7c15L);
        }
    }

    private BackendPool pool(boolean isWeighted) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            Backend backend = Backend.of("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 80);
            backends.add(isWeighted ? backend.withWeight(1 + i % 10) : backend);
        }
        return BackendPool.builder("bench").backends(backends).build();
    }

    /** A selector that has seen answers of all members after 10 ms, and has one request open at each for 5 ms. */
    private Selector experienced(SelectionStrategy strategy) {
        AtomicLong time = new AtomicLong(1);
        BackendPool pool = BackendPool.builder("bench")
                .backends(pool(false).snapshot().members().stream()
                        .map(Member::backend)
                        .toList())
                .nanoClock(time::get)
                .build();
        PoolSnapshot snapshot = pool.snapshot().metered(strategy::meterFor);
        for (int i = 0; i < 20; i++) {
            List<Pick> open = snapshot.selectable().stream().map(Member::pick).toList();
            time.addAndGet(10_000_000 + i % 3 * 1_000_000);
            open.forEach(Pick::responded);
            open.forEach(pick -> pick.report(Outcome.SUCCESS));
        }
        snapshot.selectable().forEach(Member::pick);
        time.addAndGet(5_000_000);
        return bind(strategy, snapshot);
    }

    private static Selector bind(SelectionStrategy strategy, PoolSnapshot snapshot) {
        return Selector.skippingExcluded(strategy.selectorFor(snapshot), snapshot);
    }

    /** Equal weights. */
    @Benchmark
    public Object roundRobin() {
        return roundRobin.select(none);
    }

    /** Weights 1 to 10. */
    @Benchmark
    public Object weightedRoundRobin() {
        return weightedRoundRobin.select(none);
    }

    /** Equal weights. */
    @Benchmark
    public Object random() {
        return random.select(none);
    }

    /** 1,024 keys in turn. */
    @Benchmark
    public Object maglev() {
        return maglev.select(keyed[nextKey++ & KEYS - 1]);
    }

    /** Of two, the one with less in flight. */
    @Benchmark
    public Object leastLoaded() {
        return leastLoaded.select(none);
    }

    /** Of two, the one with less peak latency times queue. */
    @Benchmark
    public Object peakEwma() {
        return peakEwma.select(none);
    }

    /** Of five. */
    @Benchmark
    public Object adaptive() {
        return adaptive.select(none);
    }

    /** A whole pick with its latency. */
    @Benchmark
    public Object peakEwmaCycle() throws NoBackendException {
        return timedCycle(peakEwmaBalancer);
    }

    /** The same with five choices. */
    @Benchmark
    public Object adaptiveCycle() throws NoBackendException {
        return timedCycle(adaptiveBalancer);
    }

    private static Object timedCycle(LoadBalancer balancer) throws NoBackendException {
        Pick pick = balancer.pick();
        pick.responded();
        pick.report(Outcome.SUCCESS);
        return pick.member();
    }

    /** A whole pick with nobody listening: choose, count in, count out. */
    @Benchmark
    public Object roundRobinCycle() throws NoBackendException {
        return cycle(balancer);
    }

    /** The same with two choices. */
    @Benchmark
    public Object leastLoadedCycle() throws NoBackendException {
        return cycle(leastLoadedBalancer);
    }

    private static Object cycle(LoadBalancer balancer) throws NoBackendException {
        Pick pick = balancer.pick();
        pick.report(Outcome.SUCCESS);
        return pick.member();
    }
}
