package io.evenkeel.benchmarks;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.impl.RoundRobinLoadBalancer;
import io.smallrye.stork.loadbalancer.poweroftwochoices.PowerOfTwoChoicesConfiguration;
import io.smallrye.stork.loadbalancer.poweroftwochoices.PowerOfTwoChoicesLoadBalancerProvider;
import io.smallrye.stork.loadbalancer.random.RandomConfiguration;
import io.smallrye.stork.loadbalancer.random.RandomLoadBalancerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Stork: it has no pool, and gets the list, made beforehand, with each call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerStork {
    /** Members. */
    @Param("100")
    public int members;

    /** What it is called there. */
    @Param({"round-robin", "random", "power-of-two-choices"})
    public String strategy;

    private LoadBalancer balancer;
    private List<ServiceInstance> instances;

    /** Makes the balancer and the list. */
    @Setup
    public void setUp() {
        balancer = switch (strategy) {
            case "round-robin" -> new RoundRobinLoadBalancer();
            case "random" -> new RandomLoadBalancerProvider().createLoadBalancer(new RandomConfiguration(), null);
            default ->
                new PowerOfTwoChoicesLoadBalancerProvider()
                        .createLoadBalancer(new PowerOfTwoChoicesConfiguration(), null);
        };
        instances = IntStream.range(0, members)
                .<ServiceInstance>mapToObj(i -> new DefaultServiceInstance(i + 1, Peers.host(i), Peers.PORT, false))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** A choice. */
    @Benchmark
    public Object select() {
        return balancer.selectServiceInstance(instances);
    }
}
