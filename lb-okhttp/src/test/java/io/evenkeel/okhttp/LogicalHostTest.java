package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownServiceException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Cache;
import okhttp3.CertificatePinner;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("okhttp")
class LogicalHostTest {
    @Test
    @DisplayName("1. R1: a name that nobody knows is served, and stays in request and answer")
    void aNameThatNobodyKnowsIsServedAndStaysInRequestAndResponse() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = fleet.client()
                    .newBuilder()
                    .dns(hostname -> {
                        throw new AssertionError("asked for " + hostname);
                    })
                    .build();

            try (Response response =
                    client.newCall(Fleet.get("http://orders/42?a=b")).execute()) {
                assertEquals("http://orders/42?a=b", response.request().url().toString());
                assertEquals("b0", response.body().string());
            }
            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("1. R3: the logical port is free, and part of the route")
    void theLogicalPortIsFreeAndPartOfTheRoute() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = LoadBalancingInterceptor.builder()
                    .route("http://no-such.invalid:8443", fleet.balancer)
                    .build()
                    .install(new OkHttpClient.Builder())
                    .build();

            assertEquals("b0", Fleet.body(client.newCall(Fleet.get("http://no-such.invalid:8443/"))));

            assertThrows(IOException.class, () -> Fleet.body(client.newCall(Fleet.get("http://no-such.invalid/"))));
            assertEquals(1, fleet.picks());
            assertEquals(
                    "no-such.invalid:8443", fleet.requests.peek().getHeaders().get("Host"));
        }
    }

    @Test
    @DisplayName("1. R6: two interceptors in one client pick once")
    void twoInterceptorsInOneClientPickOnce() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            OkHttpClient client =
                    fleet.interceptor().install(fleet.client().newBuilder()).build();

            Fleet.call(client);

            assertEquals(1, fleet.picks());
            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("1. R19: other hosts pass through untouched")
    void otherHostsPassThroughUntouched() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            String direct = fleet.servers.get(1).url("/").toString();

            String body = Fleet.body(fleet.client().newCall(Fleet.get(direct)));

            assertEquals("b1", body);
            assertEquals(0, fleet.picks());
        }
    }

    @Test
    @DisplayName("1. R19: other hosts are refused where that was chosen, and the logical ones served")
    void otherHostsAreRefusedByChoice() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            String direct = fleet.servers.get(0).url("/").toString();
            OkHttpClient client = fleet.client(LoadBalancingInterceptorBuilder::routesOnly);

            assertEquals("b0", Fleet.call(client));
            UnknownServiceException thrown =
                    assertThrows(UnknownServiceException.class, () -> Fleet.body(client.newCall(Fleet.get(direct))));

            String origin = direct.substring(0, direct.length() - 1);
            assertEquals("no route for " + origin + " (expected: one of http://orders:80)", thrown.getMessage());
            assertEquals(1, fleet.requests.size());
        }
    }

    @Test
    @DisplayName("1. R4: a certificate for another name is refused, and no request sent")
    void aCertificateForAnotherNameIsRefusedAndNoRequestIsSent() throws IOException {
        Certificates evil = Certificates.of("evil.test");
        try (Fleet fleet = Fleet.overTls(1, evil.server())) {
            OkHttpClient client = overTls(fleet, evil.client());

            assertThrows(
                    SSLPeerUnverifiedException.class,
                    () -> Fleet.body(client.newCall(Fleet.get("https://pay.internal/"))));

            assertEquals(0, fleet.requestsOf(0));
            fleet.assertOutcomes(Outcome.FAILURE);
        }
    }

    @Test
    @DisplayName("1. R4: pins of the logical name are checked")
    void pinsOfTheLogicalNameAreChecked() throws IOException {
        Certificates certificates = Certificates.of("pay.internal");
        try (Fleet fleet = Fleet.overTls(1, certificates.server())) {
            CertificatePinner pins = new CertificatePinner.Builder()
                    .add("pay.internal", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                    .build();
            OkHttpClient client = overTls(fleet, certificates.client().certificatePinner(pins));

            assertThrows(
                    SSLPeerUnverifiedException.class,
                    () -> Fleet.body(client.newCall(Fleet.get("https://pay.internal/"))));

            assertEquals(0, fleet.requestsOf(0));
        }
    }

    private static OkHttpClient overTls(Fleet fleet, OkHttpClient.Builder client) {
        return LoadBalancingInterceptor.builder()
                .route("https://pay.internal", fleet.balancer)
                .build()
                .install(client)
                .build();
    }

    @Test
    @DisplayName("5. a redirect to a foreign host leaves the balancer")
    void aRedirectToAForeignHostLeavesTheBalancer() throws IOException {
        try (Fleet fleet = Fleet.of(1);
                MockWebServer foreign = foreignServer("foreign", 200)) {
            fleet.answering(Fleet.redirect("http://third-party.test:" + foreign.getPort() + "/there"));
            OkHttpClient client =
                    fleet.client().newBuilder().dns(LogicalHostTest::loopback).build();

            assertEquals("foreign", Fleet.call(client));

            assertEquals(1, fleet.requestsOf(0));
            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("5. a foreign host that fails after a redirect does not blame the backend")
    void aForeignHostThatFailsAfterARedirectDoesNotBlameTheBackend() throws IOException {
        try (Fleet fleet = Fleet.of(1);
                MockWebServer foreign = foreignServer("broken", 500)) {
            fleet.answering(Fleet.redirect("http://third-party.test:" + foreign.getPort() + "/there"));
            OkHttpClient client =
                    fleet.client().newBuilder().dns(LogicalHostTest::loopback).build();

            assertEquals("broken", Fleet.call(client));

            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("5. a redirect to another port of the logical host does not end at a backend")
    void aRedirectToAnotherPortOfTheLogicalHostDoesNotEndAtABackend() throws IOException {
        try (Fleet fleet = Fleet.of(1);
                MockWebServer admin = foreignServer("admin", 200)) {
            fleet.answering(Fleet.redirect("http://orders:" + admin.getPort() + "/"));
            OkHttpClient client =
                    fleet.client().newBuilder().dns(LogicalHostTest::loopback).build();

            assertEquals("admin", Fleet.call(client));

            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("5. an absolute redirect to the logical host stays in the balancer")
    void anAbsoluteRedirectToTheLogicalHostStays() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            fleet.answering((server, request) ->
                    request.getTarget().equals("/there") ? Fleet.text("found") : Fleet.redirect("http://orders/there"));

            assertEquals("found", Fleet.call(fleet.client()));

            assertEquals(1, fleet.picks());
            fleet.assertOutcomes(Outcome.SUCCESS);
        }
    }

    @Test
    @DisplayName("5. a cookie that one backend sets reaches the next")
    void aCookieThatOneBackendSetsReachesTheNext() throws IOException {
        try (Fleet fleet = Fleet.of(2)) {
            fleet.answering((server, request) -> new MockResponse.Builder()
                    .setHeader("Set-Cookie", "session=b" + server)
                    .body("b" + server)
                    .build());
            OkHttpClient client =
                    fleet.client().newBuilder().cookieJar(new OneCookie()).build();

            String first = Fleet.call(client);
            String second = Fleet.call(client);

            assertNotEquals(first, second);
            assertNull(fleet.requests.poll().getHeaders().get("Cookie"));
            assertEquals("session=" + first, fleet.requests.poll().getHeaders().get("Cookie"));
        }
    }

    @Test
    @DisplayName("5. R12: the HTTP cache hits, whoever is picked, and a hit is not scored")
    void anAnswerFromTheCacheIsNotScored(@TempDir Path directory) throws IOException {
        try (Fleet fleet = Fleet.of(2);
                Cache cache = new Cache(directory.toFile(), 1_000_000)) {
            fleet.answering(new MockResponse.Builder()
                    .setHeader("Cache-Control", "max-age=60")
                    .body("fresh")
                    .build());
            OkHttpClient client = fleet.client().newBuilder().cache(cache).build();

            assertEquals("fresh", Fleet.call(client));
            fleet.assertOutcomes(Outcome.SUCCESS);
            assertEquals("fresh", Fleet.call(client));

            fleet.assertOutcomes(Outcome.CANCELLED);
            assertEquals(1, fleet.requests.size());
        }
    }

    @Test
    @DisplayName("1. R16: a proxy of the client's is passed by for balanced calls")
    void aProxyOfTheClientIsPassedByForBalancedCallsAndNeverBentToABackend() throws IOException {
        try (Fleet fleet = Fleet.of(1);
                MockWebServer proxy = foreignServer("by proxy", 200)) {
            OkHttpClient client =
                    fleet.client().newBuilder().proxy(proxy.getProxyAddress()).build();

            assertEquals("b0", Fleet.call(client));
            assertEquals("by proxy", Fleet.body(client.newCall(Fleet.get("http://elsewhere.test/"))));

            assertEquals(1, fleet.requestsOf(0));
        }
    }

    @Test
    @DisplayName("1. R16: a proxy selector is passed by, too")
    void aProxySelectorIsPassedByToo() throws IOException {
        try (Fleet fleet = Fleet.of(1)) {
            OkHttpClient client = fleet.client()
                    .newBuilder()
                    .proxySelector(new ProxySelector() {
                        @Override
                        public List<Proxy> select(URI uri) {
                            throw new AssertionError("asked for " + uri);
                        }

                        @Override
                        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                    })
                    .build();

            assertEquals("b0", Fleet.call(client));
        }
    }

    private static MockWebServer foreignServer(String body, int code) throws IOException {
        MockWebServer server = new MockWebServer();
        server.enqueue(new MockResponse.Builder().code(code).body(body).build());
        server.start(InetAddress.getLoopbackAddress(), 0);
        return server;
    }

    private static List<InetAddress> loopback(String hostname) {
        return List.of(InetAddress.getLoopbackAddress());
    }

    /** Keeps the latest cookie. */
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
