package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One member gives way to another, and then the first pick: a change returns when it is bound. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PickUpdate {
    /** Members. */
    @Param("10000")
    public int members;

    /** One of {@link Strategies}. */
    @Param("round robin")
    public String strategy;

    private BackendPool pool;
    private LoadBalancer balancer;
    private Backend leaving;
    private Backend coming;
    private List<Backend> wanted;
    private List<Backend> other;

    /** Makes a pool, and the two lists it changes between. */
    @Setup
    public void setUp() {
        List<Backend> backends = Strategies.backends(strategy, members);
        pool = BackendPool.builder("bench").backends(backends).build();
        balancer = LoadBalancer.over(pool).strategy(Strategies.named(strategy)).build();
        leaving = backends.get(members / 2);
        coming = Strategies.backend(strategy, members);
        List<Backend> changed = new ArrayList<>(backends);
        changed.set(members / 2, coming);
        wanted = List.copyOf(changed);
        other = backends;
    }

    /** By a whole list, as from a registry. */
    @Benchmark
    public Object replace() throws NoBackendException {
        pool.replace(wanted);
        List<Backend> present = wanted;
        wanted = other;
        other = present;
        return firstPick();
    }

    /** By name: two changes. */
    @Benchmark
    public Object removeAndAdd() throws NoBackendException {
        pool.remove(leaving.id());
        pool.add(coming);
        Backend gone = leaving;
        leaving = coming;
        coming = gone;
        return firstPick();
    }

    private Object firstPick() throws NoBackendException {
        Pick pick = balancer.pick();
        pick.report(Outcome.SUCCESS);
        return pick.member();
    }
}
