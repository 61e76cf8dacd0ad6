package io.evenkeel.benchmarks;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
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

/** Armeria: a static group. None of its strategies counts load. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerArmeria {
    /** Members. */
    @Param("100")
    public int members;

    /** What it is called there; weights are 1 to 10 where they are asked for. */
    @Param({"round-robin", "weighted-round-robin", "sticky"})
    public String strategy;

    private EndpointGroup group;
    private ClientRequestContext[] contexts;
    private int next;

    /** Makes the group, and the contexts of requests with 1,024 keys. */
    @Setup
    public void setUp() {
        List<Endpoint> endpoints =
                IntStream.range(0, members).mapToObj(this::endpoint).toList();
        group = EndpointGroup.of(chosen(), endpoints);
        contexts = IntStream.range(0, Peers.KEYS)
                .mapToObj(i -> ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/" + Peers.key(i))))
                .toArray(ClientRequestContext[]::new);
    }

    private Endpoint endpoint(int i) {
        Endpoint endpoint = Endpoint.of(Peers.host(i), Peers.PORT);
        return strategy.startsWith("weighted") ? endpoint.withWeight(1 + i % 10) : endpoint;
    }

    private EndpointSelectionStrategy chosen() {
        return switch (strategy) {
            case "round-robin" -> EndpointSelectionStrategy.roundRobin();
            case "weighted-round-robin" -> EndpointSelectionStrategy.weightedRoundRobin();
            default ->
                EndpointSelectionStrategy.sticky(context -> context.path().hashCode());
        };
    }

    /** A choice. */
    @Benchmark
    public Object select() {
        return group.selectNow(contexts[next++ & Peers.KEYS - 1]);
    }
}
