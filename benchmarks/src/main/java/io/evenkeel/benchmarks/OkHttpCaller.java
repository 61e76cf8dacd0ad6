package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.LoadBalancerBuilder;
import io.evenkeel.backend.Backend;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import io.evenkeel.outlier.OutlierPolicy;
import io.evenkeel.strategy.SelectionStrategy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A client of OkHttp, the next request each time, and whatever has to be closed after it. */
record OkHttpCaller(String name, OkHttpClient client, Supplier<Request> next, Runnable after) implements Caller {
    private static final String LOGICAL = "orders";

    /** The floor: one server, and nothing in between. */
    static Caller bare(InetSocketAddress backend) {
        return new OkHttpCaller("bare OkHttp", roomy().build(), always(host(backend)), () -> {});
    }

    /** The floor of whoever spreads calls: these servers in turn, and nothing in between. */
    static Caller bare(List<InetSocketAddress> backends) {
        List<Request> requests =
                backends.stream().map(backend -> get(host(backend))).toList();
        AtomicInteger turn = new AtomicInteger();
        return new OkHttpCaller(
                "bare over " + backends.size() + " servers",
                roomy().build(),
                () -> requests.get(Math.floorMod(turn.getAndIncrement(), requests.size())),
                () -> {});
    }

    /** What is found in many a code base: the URL of each call is rewritten. */
    static Caller handWritten(List<InetSocketAddress> backends) {
        OkHttpClient client =
                roomy().addInterceptor(new RewritingInterceptor(backends)).build();
        return new OkHttpCaller("hand-written", client, always(LOGICAL), () -> {});
    }

    /** Ours with everything on: probes, ejection of outliers, and this strategy. */
    static Caller balanced(String name, List<InetSocketAddress> backends, SelectionStrategy strategy) {
        LoadBalancerBuilder builder = LoadBalancer.builder(LOGICAL)
                .strategy(strategy)
                .probe(HealthProbe.http("/health"))
                .outliers(OutlierPolicy.defaults());
        backends.forEach(address -> builder.backends(Backend.of(address.getHostString(), address.getPort())));
        LoadBalancer balancer = builder.build();
        OkHttpClient client = LoadBalancingInterceptor.builder()
                .route("http://" + LOGICAL, balancer)
                .build()
                .install(new OkHttpClient.Builder())
                .build();
        try {
            balancer.awaitReady(backends.size(), Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new OkHttpCaller(name, client, always(LOGICAL), balancer::close);
    }

    /** As many idle connections as ours keeps: with OkHttp's 5, many threads would measure handshakes. */
    private static OkHttpClient.Builder roomy() {
        return new OkHttpClient.Builder().connectionPool(new ConnectionPool(256, 5, TimeUnit.MINUTES));
    }

    private static Supplier<Request> always(String authority) {
        Request request = get(authority);
        return () -> request;
    }

    private static Request get(String authority) {
        return new Request.Builder().url("http://" + authority + "/").build();
    }

    private static String host(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public long call() throws IOException {
        try (Response response = client.newCall(next.get()).execute()) {
            return response.body().bytes().length;
        }
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        after.run();
    }
}
