package io.evenkeel.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("okhttp")
@Timeout(60)
class TlsTest {
    private static final String URL = "https://pay.internal/";
    private static final Certificates LOGICAL = Certificates.of("pay.internal");
    private static final Certificates OWN = Certificates.of("pod-0.test");

    static Stream<List<Protocol>> protocols() {
        return Stream.of(List.of(Protocol.HTTP_1_1), List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName("4. a certificate for the logical name is enough for a backend that is an address; one handshake each")
    void theLogicalNameIsEnough(List<Protocol> protocols) throws IOException {
        try (Fleet fleet = Fleet.overTls(2, LOGICAL.server())) {
            OkHttpClient client = client(fleet.balancer, LOGICAL, protocols);

            for (int i = 0; i < 20; i++) {
                Fleet.body(client.newCall(Fleet.get(URL)));
            }

            assertEquals(1, fleet.connectionsOf(0));
            assertEquals(1, fleet.connectionsOf(1));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName("4. another name is refused, and is a failure of that backend")
    void anotherNameIsRefused(List<Protocol> protocols) throws IOException {
        try (Fleet fleet = Fleet.overTls(1, OWN.server())) {
            assertRefused(SSLPeerUnverifiedException.class, fleet, client(fleet.balancer, OWN, protocols));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName("4. an expired certificate is refused, and is a failure of that backend")
    void anExpiredCertificateIsRefused(List<Protocol> protocols) throws IOException {
        Certificates expired = Certificates.expired("pay.internal");
        try (Fleet fleet = Fleet.overTls(1, expired.server())) {
            assertRefused(SSLHandshakeException.class, fleet, client(fleet.balancer, expired, protocols));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName("4. a self-signed certificate that nobody trusts is refused, and is a failure of that backend")
    void aSelfSignedCertificateIsRefused(List<Protocol> protocols) throws IOException {
        try (Fleet fleet = Fleet.overTls(1, LOGICAL.server())) {
            assertRefused(SSLHandshakeException.class, fleet, client(fleet.balancer, OWN, protocols));
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName(
            "4. a backend that proves a name of its own serves when told so, by one connection and under that name")
    void aNameOfItsOwnIsVerified(List<Protocol> protocols) throws IOException {
        try (Fleet fleet = Fleet.overTls(1, OWN.server())) {
            OkHttpClient client = client(fleet.balancer, OWN, protocols, "pod-0.test");

            for (int i = 0; i < 5; i++) {
                assertEquals("b0", Fleet.body(client.newCall(Fleet.get(URL))));
            }

            assertEquals(1, fleet.connectionsOf(0));
            assertEquals(List.of("pod-0.test"), fleet.requests.peek().getHandshakeServerNames());
            assertEquals("pay.internal", fleet.requests.peek().getUrl().host());
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    @DisplayName("4. where a name of its own is expected, even the logical name is refused")
    void theLogicalNameDoesNotStandInForIt(List<Protocol> protocols) throws IOException {
        try (Fleet fleet = Fleet.overTls(1, LOGICAL.server())) {
            assertRefused(
                    SSLPeerUnverifiedException.class, fleet, client(fleet.balancer, LOGICAL, protocols, "pod-0.test"));
        }
    }

    @Test
    @DisplayName("4. pins of the logical host hold for a backend with a name of its own, too")
    void pinsStayThoseOfTheLogicalHost() throws IOException {
        try (Fleet fleet = Fleet.overTls(1, OWN.server())) {
            CertificatePinner pins = new CertificatePinner.Builder()
                    .add("pay.internal", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                    .build();
            OkHttpClient client = client(fleet.balancer, OWN, List.of(Protocol.HTTP_1_1), "pod-0.test")
                    .newBuilder()
                    .certificatePinner(pins)
                    .build();

            assertRefused(SSLPeerUnverifiedException.class, fleet, client);
        }
    }

    private static void assertRefused(Class<? extends IOException> expected, Fleet fleet, OkHttpClient client) {
        assertThrows(expected, () -> Fleet.body(client.newCall(Fleet.get(URL))));

        assertEquals(0, fleet.requestsOf(0));
        fleet.assertOutcomes(Outcome.FAILURE);
    }

    private static OkHttpClient client(LoadBalancer balancer, Certificates trusted, List<Protocol> protocols) {
        return LoadBalancingInterceptor.builder()
                .route("https://pay.internal", balancer)
                .build()
                .install(trusted.client().protocols(protocols))
                .build();
    }

    private static OkHttpClient client(
            LoadBalancer balancer, Certificates trusted, List<Protocol> protocols, String tlsName) {
        return LoadBalancingInterceptor.builder()
                .route("https://pay.internal", balancer)
                .tlsName(backend -> Optional.of(tlsName))
                .build()
                .install(trusted.client().protocols(protocols))
                .build();
    }
}
