package io.evenkeel.benchmarks;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.tls.HandshakeCertificates;

/** Counts the TLS handshakes that calls for one logical host cost: a connection must serve them all. */
final class Handshakes extends EventListener {
    private final AtomicInteger count = new AtomicInteger();

    private Handshakes() {}

    /** So many over this protocol, of {@code calls} by one thread and then, where calls share a connection, by many. */
    static int of(
            Protocol protocol,
            List<InetSocketAddress> backends,
            HandshakeCertificates trust,
            int calls,
            ExecutorService workers,
            int threads)
            throws Exception {
        Handshakes handshakes = new Handshakes();
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .protocols(protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol))
                .eventListener(handshakes);
        try (LoadBalancer balancer = LoadBalancer.builder("tls")
                .backends(backends.stream()
                        .map(address -> Backend.of(address.getHostString(), address.getPort()))
                        .toList())
                .build()) {
            OkHttpClient balanced = LoadBalancingInterceptor.builder()
                    .route("https://orders", balancer)
                    .build()
                    .install(client)
                    .build();
            Request request = new Request.Builder().url("https://orders/").build();
            Caller caller = new OkHttpCaller("tls", balanced, () -> request, () -> {});
            CallCost.of(caller, calls);
            if (protocol == Protocol.HTTP_2) {
                CallCost.throughput(caller, workers, threads, 200);
            }
            caller.close();
            return handshakes.count.get();
        }
    }

    @Override
    public void secureConnectEnd(Call call, Handshake handshake) {
        count.incrementAndGet();
    }
}
