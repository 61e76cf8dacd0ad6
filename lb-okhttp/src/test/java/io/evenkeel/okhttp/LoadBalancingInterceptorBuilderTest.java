package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("okhttp")
class LoadBalancingInterceptorBuilderTest {
    private final LoadBalancer balancer = LoadBalancer.builder("orders").build();
    private final LoadBalancingInterceptorBuilder builder = LoadBalancingInterceptor.builder();

    @AfterEach
    void close() {
        balancer.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "ftp://orders",
                "lb://orders",
                "http://",
                "http://orders/path",
                "http://orders?query",
                "http://orders#fragment",
                "http://user:secret@orders",
                "http://orders:99999"
            })
    @DisplayName("1. R1: a route that is no origin is refused")
    void aRouteThatIsNoOriginIsRefused(String origin) {
        String expected = "route: \"" + origin
                + "\" (expected: scheme, host and perhaps port, as in http://orders or https://pay.internal:8443)";

        assertRefused(expected, () -> builder.route(origin, balancer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1", "https://10.1.2.3:8443", "http://[::1]", "http://2130706433"})
    @DisplayName("1. R16: an address for a logical host is refused, for OkHttp would not ask")
    void anAddressForALogicalHostIsRefusedForOkHttpWouldNotAsk(String origin) {
        String expected = "route: \"" + origin
                + "\" (expected: a name for the host; it need not resolve; addresses belong to backends)";

        assertRefused(expected, () -> builder.route(origin, balancer));
    }

    @Test
    @DisplayName("1. several hosts: the same origin twice is refused, however it is written")
    void theSameOriginTwiceIsRefusedHoweverItIsWritten() {
        builder.route("http://orders", balancer);

        String expected =
                "route: \"HTTP://Orders:80/\" (expected: each origin once;" + " http://orders:80 was given before)";
        assertRefused(expected, () -> builder.route("HTTP://Orders:80/", balancer));
    }

    @Test
    @DisplayName("1. an interceptor without routes is refused")
    void anInterceptorWithoutRoutesIsRefused() {
        assertRefused("routes: none (expected: one at least)", builder::build);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    @DisplayName("1. R10: less than one attempt is refused")
    void lessThanOneAttemptIsRefused(int attempts) {
        assertRefused(
                "attempts: " + attempts + " (expected: >= 1)",
                () -> FailoverPolicy.defaults().withAttempts(attempts));
    }

    @Test
    @DisplayName("1. R15: install adds the interceptor last, and makes room for many backends")
    void installAddsTheInterceptorLastAndMakesRoomForManyBackends() {
        OkHttpClient.Builder client =
                new OkHttpClient.Builder().addInterceptor(chain -> chain.proceed(chain.request()));
        LoadBalancingInterceptor interceptor =
                builder.route("http://orders", balancer).build();

        OkHttpClient installed = interceptor.install(client).build();

        assertEquals(interceptor, installed.interceptors().get(1));
        assertEquals(256, installed.dispatcher().getMaxRequestsPerHost());
        assertEquals(512, installed.dispatcher().getMaxRequests());
    }

    @Test
    @DisplayName("1. R15: the room that install makes grows with the backends, and idle connections all find some")
    void installMakesRoomForEachBackend() throws IOException {
        List<Backend> backends = IntStream.range(0, 20)
                .mapToObj(i -> Backend.of("10.0.0.1", 8000 + i))
                .toList();
        try (LoadBalancer many = LoadBalancer.builder("many").backends(backends).build()) {
            OkHttpClient installed = builder.route("http://orders", balancer)
                    .route("http://many", many)
                    .build()
                    .install(new OkHttpClient.Builder())
                    .build();

            int members = balancer.pool().snapshot().members().size();
            assertEquals(64 * 20, installed.dispatcher().getMaxRequestsPerHost());
            assertEquals(64 * (20 + members), installed.dispatcher().getMaxRequests());
        }
        try (Fleet fleet = Fleet.of(12)) {
            OkHttpClient client = fleet.client();
            for (int i = 0; i < 240; i++) {
                Fleet.call(client);
            }
            for (int i = 0; i < 12; i++) {
                assertEquals(1, fleet.connectionsOf(i)); // 20 each with OkHttp's own pool
            }
        }
    }

    @Test
    @DisplayName("1. R15: install keeps what is larger already, and a pool that is set afterwards")
    void installKeepsWhatIsLargerAlreadyAndAPoolThatIsSetAfterwards() {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(5_000);
        dispatcher.setMaxRequestsPerHost(2_000);
        ConnectionPool pool = new ConnectionPool(1_000, 1, TimeUnit.MINUTES);

        OkHttpClient installed = builder.route("http://orders", balancer)
                .build()
                .install(new OkHttpClient.Builder().dispatcher(dispatcher))
                .connectionPool(pool)
                .build();

        assertEquals(dispatcher, installed.dispatcher());
        assertEquals(5_000, dispatcher.getMaxRequests());
        assertEquals(2_000, dispatcher.getMaxRequestsPerHost());
        assertEquals(pool, installed.connectionPool());
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
