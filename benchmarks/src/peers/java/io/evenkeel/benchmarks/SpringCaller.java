package io.evenkeel.benchmarks;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.blocking.client.BlockingLoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.SimpleObjectProvider;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import reactor.core.publisher.Flux;

/** Spring's {@code RestClient} over the JDK's client, with Spring Cloud LoadBalancer over a ready list. */
final class SpringCaller implements Caller {
    private final RestClient client;

    SpringCaller(List<InetSocketAddress> backends) {
        List<ServiceInstance> instances = backends.stream()
                .<ServiceInstance>map(backend -> new DefaultServiceInstance(
                        backend.toString(), "orders", backend.getHostString(), backend.getPort(), false))
                .toList();
        RoundRobinLoadBalancer balancer =
                new RoundRobinLoadBalancer(new SimpleObjectProvider<>(new Ready(Flux.just(instances))), "orders");
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // else it asks each time whether it may change to HTTP/2
                .build();
        client = RestClient.builder()
                .requestFactory(new JdkClientHttpRequestFactory(http))
                .requestInterceptor(new LoadBalancerInterceptor(new BlockingLoadBalancerClient(new One(balancer))))
                .build();
    }

    private record Ready(Flux<List<ServiceInstance>> get) implements ServiceInstanceListSupplier {
        @Override
        public String getServiceId() {
            return "orders";
        }
    }

    /** In place of an application context. */
    private record One(ReactiveLoadBalancer<ServiceInstance> balancer)
            implements ReactiveLoadBalancer.Factory<ServiceInstance> {
        @Override
        public ReactiveLoadBalancer<ServiceInstance> getInstance(String serviceId) {
            return balancer;
        }

        @Override
        public <X> Map<String, X> getInstances(String name, Class<X> type) {
            return Map.of();
        }

        @Override
        public <X> X getInstance(String name, Class<?> type, Class<?>... generics) {
            return null;
        }

        @Override
        public LoadBalancerProperties getProperties(String serviceId) {
            return new LoadBalancerProperties();
        }
    }

    /** Found by its name. */
    public static final class Source implements Caller.Peers {
        @Override
        public List<Caller> over(List<InetSocketAddress> backends) {
            return List.of(new SpringCaller(backends));
        }
    }

    @Override
    public String name() {
        return "Spring";
    }

    @Override
    public long call() {
        return client.get().uri("http://orders/").retrieve().body(byte[].class).length;
    }

    @Override
    public void close() {
        // Nothing of it is open.
    }
}
