package io.evenkeel.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The program of the README. */
public final class Quickstart {
    private Quickstart() {}

    /** Two servers, one name. */
    public static void main(String[] args) throws IOException, InterruptedException {
        HttpServer one = serve("one");
        HttpServer two = serve("two");

        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .backends(Backend.of("127.0.0.1", one.getAddress().getPort()))
                .backends(Backend.of("127.0.0.1", two.getAddress().getPort()))
                .probe(HealthProbe.http("/health"))
                .build()) {
            OkHttpClient.Builder builder = new OkHttpClient.Builder();
            LoadBalancingInterceptor.builder()
                    .route("http://orders", orders)
                    .build()
                    .install(builder);
            OkHttpClient client = builder.build();

            orders.awaitReady(2, Duration.ofSeconds(10));
            for (int i = 0; i < 4; i++) {
                Request request =
                        new Request.Builder().url("http://orders/items").build();
                try (Response response = client.newCall(request).execute()) {
                    System.out.println(response.body().string());
                }
            }
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
        one.stop(0);
        two.stop(0);
    }

    private static HttpServer serve(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, name.length());
            exchange.getResponseBody().write(name.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        return server;
    }
}
