package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.time.Duration;
import java.util.stream.IntStream;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One client with an interceptor for each of its logical hosts. */
@Tag("okhttp")
class SeveralInterceptorsTest {
    private Fleet orders;
    private Fleet pay;

    @BeforeEach
    void start() throws IOException {
        orders = Fleet.of(2);
        pay = Fleet.of(2);
    }

    @AfterEach
    void stop() {
        orders.close();
        pay.close();
    }

    private LoadBalancingInterceptorBuilder toOrders() {
        return LoadBalancingInterceptor.builder()
                .route("http://orders", orders.balancer)
                .failover(FailoverPolicy.defaults().withStatuses(503).withBackOff(Duration.ZERO));
    }

    private LoadBalancingInterceptorBuilder toPay() {
        return LoadBalancingInterceptor.builder().route("http://pay", pay.balancer);
    }

    /** That for orders comes first. */
    private static OkHttpClient client(LoadBalancingInterceptorBuilder first, LoadBalancingInterceptorBuilder second) {
        OkHttpClient.Builder client = new OkHttpClient.Builder().dns(hostname -> {
            throw new UnknownHostException("the DNS was asked for " + hostname);
        });
        return second.build().install(first.build().install(client)).build();
    }

    @ParameterizedTest
    @CsvSource({"http://orders/, http://pay/", "http://pay/, http://orders/"})
    @DisplayName("1. several interceptors: a redirect from a route of one to a route of another is balanced there")
    void aRedirectFromOneToAnother(String from, String to) throws IOException {
        Fleet first = from.contains("orders") ? orders : pay;
        Fleet second = first == orders ? pay : orders;
        first.answering(Fleet.redirect(to));
        OkHttpClient client = client(toOrders(), toPay());

        for (int i = 0; i < 4; i++) {
            Call call = client.newCall(Fleet.get(from));
            String body = Fleet.body(call);
            assertEquals(2, Attempts.of(call).all().size());
            assertEquals(body, Attempts.of(call).all().get(1).backend().id());
        }

        for (Fleet fleet : new Fleet[] {first, second}) {
            fleet.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS);
            assertEquals(2, fleet.requestsOf(0));
            assertEquals(2, fleet.requestsOf(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://orders/", "http://pay/"})
    @DisplayName("1. several interceptors: from a foreign host, a redirect reaches the routes of each")
    void aRedirectFromAForeignHost(String to) throws IOException {
        try (MockWebServer foreign = new MockWebServer()) {
            foreign.enqueue(Fleet.redirect(to));
            foreign.start(InetAddress.getLoopbackAddress(), 0);

            String body =
                    Fleet.body(client(toOrders(), toPay()).newCall(Fleet.get("http://127.0.0.1:" + foreign.getPort())));

            assertTrue(body.matches("b[01]"), body);
            (to.contains("pay") ? pay : orders).assertOutcomes(Outcome.SUCCESS);
            assertEquals(1, pay.picks() + orders.picks());
        }
    }

    @Test
    @DisplayName("1. several interceptors: there and back again is the backend of the way there")
    void thereAndBackAgain() throws IOException {
        orders.answering((server, request) ->
                request.getTarget().equals("/") ? Fleet.redirect("http://pay/") : Fleet.text("back"));
        pay.answering(Fleet.redirect("http://orders/back"));

        assertEquals("back", Fleet.call(client(toOrders(), toPay())));

        orders.assertOutcomes(Outcome.SUCCESS);
        pay.assertOutcomes(Outcome.SUCCESS);
        assertEquals(2, Math.max(orders.requestsOf(0), orders.requestsOf(1)));
    }

    @Test
    @DisplayName("1. several interceptors: the last may refuse other hosts, and serves those of the first")
    void theLastMayRefuseOtherHosts() throws IOException {
        OkHttpClient client = client(toOrders(), toPay().routesOnly());

        Fleet.call(client);
        Fleet.body(client.newCall(Fleet.get("http://pay/")));

        orders.assertOutcomes(Outcome.SUCCESS);
        pay.assertOutcomes(Outcome.SUCCESS);
        assertThrows(
                UnknownServiceException.class, () -> Fleet.body(client.newCall(Fleet.get("http://elsewhere.test/"))));
    }

    @Test
    @DisplayName(
            "1. R5: several interceptors: each pick reaches its backend though OkHttp holds a connection to another")
    void eachPickReachesItsBackend() throws IOException {
        orders.answering((server, request) -> server == 0 ? Fleet.status(503) : Fleet.text("b1"));
        OkHttpClient client = client(toOrders(), toPay().routesOnly());

        for (int i = 0; i < 6; i++) {
            assertEquals("b1", Fleet.call(client));
        }

        assertEquals(6, orders.requestsOf(1));
        assertEquals(orders.picks(), orders.requests.size());
    }

    @Test
    @DisplayName("1. R15: several interceptors: there is room for the backends of all")
    void thereIsRoomForAll() {
        try (LoadBalancer one = balancerOf(6);
                LoadBalancer two = balancerOf(6)) {
            OkHttpClient client = client(
                    LoadBalancingInterceptor.builder().route("http://one", one),
                    LoadBalancingInterceptor.builder().route("http://two", two));

            assertEquals(12 * 64, client.dispatcher().getMaxRequests());
        }
    }

    private static LoadBalancer balancerOf(int backends) {
        return LoadBalancer.builder("many")
                .backends(IntStream.rangeClosed(1, backends)
                        .mapToObj(i -> Backend.of("127.0.0." + i, 80))
                        .toList())
                .build();
    }
}
