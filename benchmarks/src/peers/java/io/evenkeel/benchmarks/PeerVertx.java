package io.evenkeel.benchmarks;

import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerInteraction;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Vert.x: its selectors over endpoints that do as little as their interface allows. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerVertx {
    /** Members. */
    @Param("100")
    public int members;

    /** What it is called there. */
    @Param({"round-robin", "random", "power-of-two-choices"})
    public String strategy;

    private List<ServerEndpoint> servers;
    private ServerSelector selector;

    private LoadBalancer balancer() {
        return switch (strategy) {
            case "round-robin" -> LoadBalancer.ROUND_ROBIN;
            case "random" -> LoadBalancer.RANDOM;
            default -> LoadBalancer.POWER_OF_TWO_CHOICES;
        };
    }

    /** Anew for each iteration: its round robin answers a negative index after 2^31 picks. */
    @Setup(Level.Iteration)
    public void setUp() {
        servers = IntStream.range(0, members)
                .<ServerEndpoint>mapToObj(i ->
                        new Server(SocketAddress.inetSocketAddress(Peers.PORT, Peers.host(i)), (InteractionMetrics<?>)
                                balancer().newMetrics()))
                .toList();
        selector = balancer().selector(servers);
    }

    /** A choice. */
    @Benchmark
    public Object select() {
        return servers.get(selector.select());
    }

    /** A choice, and the four steps of a request. */
    @Benchmark
    public Object cycle() {
        ServerEndpoint server = servers.get(selector.select());
        ServerInteraction request = server.newInteraction();
        request.reportRequestBegin();
        request.reportRequestEnd();
        request.reportResponseBegin();
        request.reportResponseEnd();
        return server;
    }

    private record Server(SocketAddress address, InteractionMetrics<?> metrics) implements ServerEndpoint {
        @Override
        public String key() {
            return address.toString();
        }

        @Override
        public String protocolId() {
            return null;
        }

        @Override
        public Object unwrap() {
            return this;
        }

        @Override
        public ServerInteraction newInteraction() {
            @SuppressWarnings("unchecked")
            InteractionMetrics<Object> own = (InteractionMetrics<Object>) metrics;
            return new Request(own, own.initiateRequest());
        }
    }

    private record Request(InteractionMetrics<Object> metrics, Object request) implements ServerInteraction {
        @Override
        public void reportFailure(Throwable failure) {
            metrics.reportFailure(request, failure);
        }

        @Override
        public void reportRequestBegin() {
            metrics.reportRequestBegin(request);
        }

        @Override
        public void reportRequestEnd() {
            metrics.reportRequestEnd(request);
        }

        @Override
        public void reportResponseBegin() {
            metrics.reportResponseBegin(request);
        }

        @Override
        public void reportResponseEnd() {
            metrics.reportResponseEnd(request);
        }
    }
}
