package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Round robin by another host and port for each call: no health, no failover, and a {@code Host} that changes. */
final class RewritingInterceptor implements Interceptor {
    private final List<InetSocketAddress> backends;
    private final AtomicInteger next = new AtomicInteger();

    RewritingInterceptor(List<InetSocketAddress> backends) {
        this.backends = List.copyOf(backends);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        InetSocketAddress backend = backends.get(Math.floorMod(next.getAndIncrement(), backends.size()));
        HttpUrl url = chain.request()
                .url()
                .newBuilder()
                .host(backend.getHostString())
                .port(backend.getPort())
                .build();
        return chain.proceed(chain.request().newBuilder().url(url).build());
    }
}
