package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.http.GET;

/** Retrofit over a balanced client of OkHttp: nothing but its base URL tells of it. */
public final class WithRetrofit {
    private WithRetrofit() {}

    private interface Orders {
        @GET("items")
        Call<ResponseBody> items();
    }

    /** Prints which server answered. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(play());
    }

    /** Four calls by two servers. */
    static List<String> play() throws IOException, InterruptedException {
        try (HelloServer one = HelloServer.start("one");
                HelloServer two = HelloServer.start("two");
                LoadBalancer balancer = LoadBalancer.builder("orders")
                        .backends(one.backend(), two.backend())
                        .probe(HealthProbe.http("/health"))
                        .build()) {
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("http://orders", balancer)
                    .build()
                    .install(new OkHttpClient.Builder())
                    .build();
            Orders orders = new Retrofit.Builder()
                    .client(client)
                    .baseUrl("http://orders/")
                    .build()
                    .create(Orders.class);

            balancer.awaitReady(2, Duration.ofSeconds(10));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                try (ResponseBody body = orders.items().execute().body()) {
                    answers.add(body.string());
                }
            }
            client.connectionPool().evictAll();
            return answers;
        }
    }
}
