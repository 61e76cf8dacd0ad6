package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects from one logical host to another, both balanced by the same interceptor. */
@Tag("okhttp")
class CrossingTest {
    private final Certificates certificates = Certificates.of("orders", "pay");
    private Fleet orders;
    private Fleet pay;

    @BeforeEach
    void start() throws IOException {
        orders = Fleet.of(2);
        pay = Fleet.of(2);
        orders.answering(Fleet.redirect("http://pay/"));
    }

    @AfterEach
    void stop() {
        orders.close();
        pay.close();
    }

    private void restartOverTls() throws IOException {
        stop();
        orders = Fleet.overTls(2, certificates.server());
        pay = Fleet.overTls(2, certificates.server());
    }

    private OkHttpClient client(String first, String second, UnaryOperator<LoadBalancingInterceptorBuilder> settings) {
        LoadBalancingInterceptorBuilder builder =
                LoadBalancingInterceptor.builder().route(first, orders.balancer).route(second, pay.balancer);
        return settings.apply(builder)
                .build()
                .install(certificates.client())
                .dns(hostname -> {
                    throw new UnknownHostException("the DNS was asked for " + hostname);
                })
                .build();
    }

    private OkHttpClient client() {
        return client("http://orders", "http://pay", UnaryOperator.identity());
    }

    @Test
    @DisplayName("1. several hosts: a redirect to another route is balanced there, and both picks end, each once")
    void aRedirectToAnotherRouteIsBalancedThere() throws IOException {
        OkHttpClient client = client();
        List<String> answers = new ArrayList<>();

        for (int i = 0; i < 4; i++) {
            answers.add(Fleet.call(client));
        }

        assertEquals(2, answers.stream().distinct().count());
        assertEquals(4, orders.picks());
        assertEquals(4, pay.picks());
        orders.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS);
        pay.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS);
        for (int server = 0; server < 2; server++) {
            assertEquals(2, orders.requestsOf(server));
            assertEquals(2, pay.requestsOf(server));
            assertEquals(1, orders.connectionsOf(server), "the connection was kept");
            assertEquals(1, pay.connectionsOf(server), "whoever redirected, the connection is the same");
        }
    }

    @Test
    @DisplayName("1. several hosts: the answer names the last URL, and before it the redirects in their order")
    void theAnswerNamesTheRedirects() throws IOException {
        orders.answering((server, request) ->
                request.getTarget().equals("/") ? Fleet.redirect("/moved") : Fleet.redirect("http://pay/first"));
        pay.answering((server, request) ->
                request.getTarget().equals("/first") ? Fleet.redirect("/second") : Fleet.text("paid"));

        try (Response answer = client().newCall(Fleet.get("http://orders/")).execute()) {
            assertEquals("paid", answer.body().string());
            List<String> urls = new ArrayList<>();
            for (Response each = answer; each != null; each = each.priorResponse()) {
                urls.add(each.code() + " " + each.request().url());
            }
            assertEquals(
                    List.of(
                            "200 http://pay/second",
                            "302 http://pay/first",
                            "302 http://orders/moved",
                            "302 http://orders/"),
                    urls);
        }
    }

    @Test
    @DisplayName("1. several hosts: the caller sees who was tried on both")
    void theCallerSeesWhoWasTried() throws IOException {
        Call call = client().newCall(Fleet.get("http://orders/"));

        String paidBy = Fleet.body(call);

        List<Attempts.Attempt> all = Attempts.of(call).all();
        assertEquals(2, all.size());
        assertEquals(
                orders.requestsOf(0) == 1 ? "b0" : "b1", all.get(0).backend().id());
        assertEquals(paidBy, all.get(1).backend().id());
    }

    @Test
    @DisplayName("1. several hosts: where the other has nobody, the call fails, and who redirected is not blamed")
    void whereTheOtherHasNobodyTheCallFails() {
        pay.balancer.pool().replace(List.of());

        assertThrows(NoBackendException.class, () -> Fleet.call(client()));

        orders.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. several hosts: on the other route the call goes on to another backend where one refuses")
    void theOtherRouteFailsOver() throws IOException {
        pay.stop(0);

        for (int i = 0; i < 4; i++) {
            assertEquals("b1", Fleet.call(client()));
        }

        assertEquals(4, pay.requestsOf(1));
        assertEquals(4, orders.picks(), "nobody asks the first route again");
    }

    @Test
    @DisplayName("1. several hosts: errors of the other route are its own")
    void errorsOfTheOtherRouteAreItsOwn() throws IOException {
        pay.answering(Fleet.status(500));

        Fleet.call(client());

        orders.assertOutcomes(Outcome.SUCCESS);
        pay.assertOutcomes(Outcome.FAILURE);
    }

    @Test
    @DisplayName("1. several hosts: from http to https of one name")
    void fromHttpToHttpsOfOneName() throws IOException {
        pay.close();
        pay = Fleet.overTls(2, certificates.server());
        orders.answering(Fleet.redirect("https://orders/"));
        OkHttpClient client = client("http://orders", "https://orders", UnaryOperator.identity());

        try (Response answer = client.newCall(Fleet.get("http://orders/")).execute()) {
            assertEquals(Protocol.HTTP_2, answer.protocol());
            assertEquals("https://orders/", answer.request().url().toString());
        }

        orders.assertOutcomes(Outcome.SUCCESS);
        pay.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. several hosts, R2: over HTTP/2 two routes of one certificate share no connection")
    void twoRoutesOfOneCertificateShareNoConnection() throws IOException {
        restartOverTls();
        orders.answering(Fleet.redirect("https://pay/"));
        // Backends that are names: their addresses are not known to OkHttp, so that all look alike to it.
        renameBackends(orders);
        renameBackends(pay);
        OkHttpClient client = client("https://orders", "https://pay", UnaryOperator.identity())
                .newBuilder()
                .dns(hostname -> List.of(InetAddress.getLoopbackAddress()))
                .build();

        for (int i = 0; i < 8; i++) {
            Call call = client.newCall(Fleet.get("https://orders/"));
            String paidBy = Fleet.body(call);
            assertEquals(paidBy, Attempts.of(call).all().get(1).backend().id());
        }

        for (int server = 0; server < 2; server++) {
            assertEquals(4, orders.requestsOf(server));
            assertEquals(4, pay.requestsOf(server));
            assertEquals(1, orders.connectionsOf(server));
            assertEquals(1, pay.connectionsOf(server));
        }
    }

    private static void renameBackends(Fleet fleet) {
        List<Backend> named = new ArrayList<>();
        for (int i = 0; i < fleet.servers.size(); i++) {
            named.add(Backend.of("b" + i, "node.test", fleet.servers.get(i).getPort()));
        }
        fleet.balancer.pool().replace(named);
    }

    @Test
    @DisplayName("1. several hosts: back to the first route is a pick of its own")
    void thereAndBackAgain() throws IOException {
        orders.answering((server, request) ->
                request.getTarget().equals("/") ? Fleet.redirect("http://pay/") : Fleet.text("back"));
        pay.answering(Fleet.redirect("http://orders/back"));

        assertEquals("back", Fleet.call(client()));

        assertEquals(2, orders.picks());
        assertEquals(1, pay.picks());
        orders.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. several hosts: redirects in a circle end after as many as OkHttp follows")
    void redirectsInACircleEnd() {
        pay.answering(Fleet.redirect("http://orders/"));

        ProtocolException thrown = assertThrows(ProtocolException.class, () -> Fleet.call(client()));

        assertEquals("Too many follow-up requests: 21", thrown.getMessage());
        assertEquals(21, orders.picks() + pay.picks());
        assertEquals(0, orders.inFlight() + pay.inFlight());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. several hosts: a body that is redirected arrives once, strict or not")
    void aBodyThatIsRedirectedArrives(boolean strict) throws IOException {
        orders.answering(new MockResponse.Builder()
                .code(307)
                .setHeader("Location", "http://pay/")
                .build());
        FailoverPolicy policy = FailoverPolicy.defaults().withStrict(strict);
        OkHttpClient client = client("http://orders", "http://pay", builder -> builder.failover(policy));

        Fleet.body(client.newCall(Fleet.post("http://orders/")));

        assertEquals(1, pay.requests.size());
        assertEquals("pay", pay.requests.peek().getBody().utf8());
    }

    @Test
    @DisplayName("1. several hosts: what is meant for the first is not sent to the second")
    void credentialsStayWithTheFirst() throws IOException {
        Request request = new Request.Builder()
                .url("http://orders/")
                .header("Authorization", "secret")
                .build();

        Fleet.body(client().newCall(request));

        assertEquals("secret", orders.requests.peek().getHeaders().get("Authorization"));
        assertNull(pay.requests.peek().getHeaders().get("Authorization"));
        assertEquals("pay", pay.requests.peek().getHeaders().get("Host"));
    }

    @Test
    @DisplayName("1. several hosts: another scheme at the port of a route is refused, and no DNS asked")
    void anotherSchemeIsRefused() {
        orders.answering(Fleet.redirect("http://pay:443/"));
        OkHttpClient client = client("http://orders", "https://pay", UnaryOperator.identity());

        UnknownServiceException thrown = assertThrows(UnknownServiceException.class, () -> Fleet.call(client));

        assertEquals("no route from http://orders:80 to pay:443", thrown.getMessage());
        orders.assertOutcomes(Outcome.SUCCESS);
    }

    @Test
    @DisplayName("1. several hosts: another port of the other host goes the client's own way")
    void anotherPortGoesTheClientsOwnWay() {
        orders.answering(Fleet.redirect("http://pay:81/"));

        UnknownHostException thrown = assertThrows(UnknownHostException.class, () -> Fleet.call(client()));

        assertEquals("the DNS was asked for pay", thrown.getMessage());
        assertEquals(0, pay.picks());
    }

    @Test
    @DisplayName("1. several hosts: what the cache has of the other host needs nobody there")
    void whatTheCacheHasNeedsNobody(@TempDir Path directory) throws IOException {
        pay.answering(new MockResponse.Builder()
                .setHeader("Cache-Control", "max-age=60")
                .body("paid")
                .build());
        try (Cache cache = new Cache(directory.toFile(), 1_000_000)) {
            OkHttpClient client = client().newBuilder().cache(cache).build();

            assertEquals("paid", Fleet.call(client));
            assertEquals("paid", Fleet.call(client));

            assertEquals(2, orders.picks());
            assertEquals(1, pay.picks());
            assertEquals(0, orders.inFlight() + pay.inFlight());
        }
    }
}
