package io.evenkeel.benchmarks;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.strategy.MaglevOptions;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a change of the pool costs, off the pick path. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MaglevBuild {
    /** Members. */
    @Param({"100", "10000"})
    public int members;

    /** The heaviest weight; all others have 1. */
    @Param({"1", "65535"})
    public int heaviest;

    private BackendPool all;
    private BackendPool withoutOne;
    private SelectionStrategy steady;
    private boolean isWhole;

    /** Makes the pools. */
    @Setup
    public void setUp() {
        List<Backend> backends = IntStream.range(0, members)
                .mapToObj(i -> Backend.of("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 80)
                        .withWeight(i == 0 ? heaviest : 1))
                .toList();
        all = BackendPool.builder("bench").backends(backends).build();
        withoutOne = BackendPool.builder("bench").backends(backends).build();
        withoutOne.markDown(backends.get(members / 2).id(), "on purpose");
        steady = SelectionStrategy.maglev(MaglevOptions.defaults().withSteady(true));
    }

    /** A table from nothing. */
    @Benchmark
    public Object anew() {
        return SelectionStrategy.maglev().selectorFor(all.snapshot());
    }

    /** A member goes, or comes back. */
    @Benchmark
    public Object steady() {
        isWhole = !isWhole;
        return steady.selectorFor((isWhole ? all : withoutOne).snapshot());
    }
}
