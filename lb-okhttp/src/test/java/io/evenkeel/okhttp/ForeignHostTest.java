package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.NoBackendException;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that begin at a host without a route, and redirects from there. */
@Tag("okhttp")
class ForeignHostTest {
    private final MockWebServer foreign = new MockWebServer();
    private volatile MockResponse answer = Fleet.redirect("http://orders/");
    private Fleet orders;

    @BeforeEach
    void start() throws IOException {
        orders = Fleet.of(2);
        foreign.setServerSocketFactory(PromptServerSocket.FACTORY);
        foreign.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        });
        foreign.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        orders.close();
        foreign.close();
    }

    private String url() {
        return "http://127.0.0.1:" + foreign.getPort() + "/";
    }

    private Call get(OkHttpClient client) {
        return client.newCall(Fleet.get(url()));
    }

    /** Whose DNS knows nobody. */
    private OkHttpClient client() {
        return orders.client()
                .newBuilder()
                .dns(hostname -> {
                    throw new UnknownHostException("the DNS was asked for " + hostname);
                })
                .build();
    }

    private RecordedRequest askedOfForeign() throws InterruptedException {
        return foreign.takeRequest(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("1. foreign host: a redirect from there to a route is balanced, and each connection kept")
    void aRedirectToARouteIsBalanced(boolean http2) throws IOException {
        Certificates certificates = Certificates.of("orders");
        if (http2) {
            orders.close();
            orders = Fleet.overTls(2, certificates.server());
            answer = Fleet.redirect("https://orders/");
        }
        OkHttpClient client = LoadBalancingInterceptor.builder()
                .route(http2 ? "https://orders" : "http://orders", orders.balancer)
                .build()
                .install(certificates.client())
                .build();

        for (int i = 0; i < 4; i++) {
            Call call = get(client);
            try (Response response = call.execute()) {
                assertEquals(http2 ? Protocol.HTTP_2 : Protocol.HTTP_1_1, response.protocol());
                assertEquals(
                        Attempts.of(call).all().get(0).backend().id(),
                        response.body().string());
            }
        }

        orders.assertOutcomes(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS);
        assertEquals(4, foreign.getRequestCount());
        assertEquals(3, client.connectionPool().connectionCount(), "one for each of the three servers");
        for (int server = 0; server < 2; server++) {
            assertEquals(2, orders.requestsOf(server));
            assertEquals(1, orders.connectionsOf(server));
        }
    }

    @Test
    @DisplayName("1. foreign host: the answer names the last URL, and before it the redirects in their order")
    void theAnswerNamesTheRedirects() throws IOException {
        orders.answering((server, request) ->
                request.getTarget().equals("/") ? Fleet.redirect("/moved") : Fleet.text("b" + server));

        try (Response last = get(client()).execute()) {
            List<String> urls = new ArrayList<>();
            for (Response each = last; each != null; each = each.priorResponse()) {
                urls.add(each.code() + " " + each.request().url());
            }
            assertEquals(List.of("200 http://orders/moved", "302 http://orders/", "302 " + url()), urls);
        }
    }

    @Test
    @DisplayName("1. foreign host: a POST becomes a GET at the route where OkHttp has it so, without credentials")
    void aPostBecomesAGet() throws IOException {
        Request post =
                Fleet.post(url()).newBuilder().header("Authorization", "secret").build();

        Fleet.body(client().newCall(post));

        RecordedRequest arrived = orders.requests.remove();
        assertEquals("GET", arrived.getMethod());
        assertEquals("orders", arrived.getHeaders().get("Host"));
        assertNull(arrived.getHeaders().get("Authorization"));
        assertNull(arrived.getHeaders().get("Content-Length"));
    }

    @Test
    @DisplayName("1. foreign host: a POST stays one, with its body, after a 307")
    void aPostStaysOne() throws IOException {
        answer = answer.newBuilder().code(307).build();

        Fleet.body(client().newCall(Fleet.post(url())));

        RecordedRequest arrived = orders.requests.remove();
        assertEquals("POST", arrived.getMethod());
        assertEquals("pay", arrived.getBody().utf8());
    }

    @Test
    @DisplayName("1. foreign host: at the route the call goes on to another backend where one refuses")
    void theRouteFailsOver() throws IOException {
        orders.stop(0);

        for (int i = 0; i < 4; i++) {
            assertEquals("b1", Fleet.body(get(client())));
        }
    }

    @Test
    @DisplayName("1. foreign host: where the route has nobody, the call fails")
    void whereTheRouteHasNobodyTheCallFails() {
        orders.balancer.pool().replace(List.of());

        assertThrows(NoBackendException.class, () -> Fleet.body(get(client())));
    }

    @Test
    @DisplayName("1. foreign host: there and back in a circle ends")
    void aCircleEnds() {
        orders.answering(Fleet.redirect(url()));

        assertThrows(ProtocolException.class, () -> Fleet.body(get(client())));

        assertEquals(0, orders.inFlight());
    }

    @Test
    @DisplayName("1. foreign host: a client that follows no redirects gets them")
    void aClientThatFollowsNoneGetsThem() throws IOException {
        OkHttpClient client = client().newBuilder().followRedirects(false).build();

        try (Response response = get(client).execute()) {
            assertEquals(302, response.code());
        }

        assertEquals(0, orders.picks());
    }

    @Test
    @DisplayName("1. foreign host: a redirect to another port of a logical host goes the client's own way")
    void anotherPortGoesTheClientsOwnWay() {
        answer = Fleet.redirect("http://orders:81/");

        UnknownHostException thrown = assertThrows(UnknownHostException.class, () -> Fleet.body(get(client())));

        assertEquals("the DNS was asked for orders", thrown.getMessage());
    }

    @Test
    @DisplayName("1. foreign host: an interceptor below that leads to a logical host without a redirect is left alone")
    void whoeverWritesTheUrlAnewIsLeftAlone() {
        OkHttpClient client = client().newBuilder()
                .addInterceptor(chain -> chain.proceed(
                        chain.request().newBuilder().url("http://orders/").build()))
                .build();

        assertThrows(UnknownHostException.class, () -> Fleet.body(get(client)));

        assertEquals(0, orders.picks());
    }

    @Test
    @DisplayName("1. R16: where the foreign host is reached by a proxy, the route is not")
    void theProxyIsForTheForeignHost() throws Exception {
        OkHttpClient client =
                client().newBuilder().proxy(foreign.getProxyAddress()).build();

        String body = Fleet.body(client.newCall(Fleet.get("http://elsewhere.test/")));

        assertEquals(orders.requestsOf(0) == 1 ? "b0" : "b1", body);
        assertEquals("GET http://elsewhere.test/ HTTP/1.1", askedOfForeign().getRequestLine());
        assertEquals(1, foreign.getRequestCount());
    }

    @Test
    @DisplayName("1. R19: a foreign host has the cookies and the connections of the client")
    void cookiesAndConnectionsAreTheClients() throws Exception {
        answer = Fleet.text("foreign")
                .newBuilder()
                .setHeader("Set-Cookie", "a=b")
                .build();
        OkHttpClient client = client().newBuilder().cookieJar(new OneCookie()).build();
        OkHttpClient other = withoutInterceptors(client);

        Fleet.body(get(client));
        Fleet.body(get(other));
        Fleet.body(get(client));

        askedOfForeign();
        RecordedRequest second = askedOfForeign();
        assertEquals("a=b", second.getHeaders().get("Cookie"));
        assertEquals(1, client.connectionPool().connectionCount());
    }

    private static OkHttpClient withoutInterceptors(OkHttpClient client) {
        OkHttpClient.Builder builder = client.newBuilder();
        builder.interceptors().clear();
        return builder.build();
    }

    /** Keeps the latest cookies. */
    private static final class OneCookie implements CookieJar {
        private List<Cookie> cookies = List.of();

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            this.cookies = cookies;
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return cookies;
        }
    }
}
