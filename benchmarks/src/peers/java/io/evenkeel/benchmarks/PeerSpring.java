package io.evenkeel.benchmarks;

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
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring Cloud LoadBalancer as its blocking client calls it, over a ready list. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerSpring {
    /** Members. */
    @Param("100")
    public int members;

    /** What it is called there. */
    @Param({"round-robin", "random"})
    public String strategy;

    private ReactorServiceInstanceLoadBalancer balancer;

    /** Makes the supplier and the balancer. */
    @Setup
    public void setUp() {
        List<ServiceInstance> instances = IntStream.range(0, members)
                .<ServiceInstance>mapToObj(
                        i -> new DefaultServiceInstance("i" + i, "orders", Peers.host(i), Peers.PORT, false))
                .toList();
        SimpleObjectProvider<ServiceInstanceListSupplier> supplier =
                new SimpleObjectProvider<>(new Ready(Flux.just(instances)));
        balancer = strategy.equals("random")
                ? new RandomLoadBalancer(supplier, "orders")
                : new RoundRobinLoadBalancer(supplier, "orders");
    }

    private record Ready(Flux<List<ServiceInstance>> get) implements ServiceInstanceListSupplier {
        @Override
        public String getServiceId() {
            return "orders";
        }
    }

    /** A choice. */
    @Benchmark
    public Object select() {
        return Mono.from(balancer.choose()).block().getServer();
    }
}
