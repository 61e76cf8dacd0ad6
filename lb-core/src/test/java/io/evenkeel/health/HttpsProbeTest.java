package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Certificates;
import io.evenkeel.testing.FaultServer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("health")
class HttpsProbeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ProbeTls trusting = ProbeTls.defaults().withContext(Certificates.trusting());
    private final Asking asking = new Asking();

    @AfterEach
    void close() throws Exception {
        asking.close();
    }

    @Test
    @DisplayName("3 a certificate that is valid, trusted and in the backend's name is good")
    void aCertificateThatIsValidTrustedAndInTheBackendsNameIsGood() throws Exception {
        assertEquals(ProbeResult.good("status 200"), ask("good", trusting));
        assertEquals(ProbeResult.good("status 200"), ask("good", trusting.withServerName("shop.test")));
    }

    @ParameterizedTest(name = "3 a certificate that is {0} is bad: {1}")
    @CsvSource({
        "expired, validity check failed",
        "self-signed, unable to find valid certification path",
        "other-name, No subject alternative names matching IP address 127.0.0.1 found"
    })
    void aCertificateThatIsNotAsItShouldBeIsBad(String certificate, String reason) throws Exception {
        ProbeResult result = ask(certificate, trusting);

        assertFalse(result.isGood());
        assertTrue(result.reason().contains(reason), result.reason());
    }

    @Test
    @DisplayName("3 a server name that the certificate does not have is bad")
    void aServerNameThatTheCertificateDoesNotHaveIsBad() throws Exception {
        assertFalse(ask("good", trusting.withServerName("else.test")).isGood());
    }

    @Test
    @DisplayName("3 an authority that only the test trusts is bad by default")
    void anAuthorityThatOnlyTheTestTrustsIsBadByDefault() throws Exception {
        assertFalse(ask("good", ProbeTls.defaults()).isGood());
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "self-signed", "other-name"})
    void whoeverSwitchesVerificationOffGetsWhatTheyAskedFor(String certificate) throws Exception {
        assertEquals(
                ProbeResult.good("status 200"),
                ask(certificate, ProbeTls.defaults().insecureWithoutVerification()));
    }

    @Test
    void theNameOfTheBackendIsAskedForAndVerified() throws Exception {
        CompletableFuture<List<SNIServerName>> asked = new CompletableFuture<>();
        try (FaultServer server = FaultServer.startTls("good", connection -> {
            answer(connection, OK);
            asked.complete(((ExtendedSSLSession) ((SSLSocket) connection).getSession()).getRequestedServerNames());
        })) {
            Backend named = new Backend(
                    "vm1",
                    new java.net.InetSocketAddress(
                            java.net.InetAddress.getByAddress("shop.test", new byte[] {127, 0, 0, 1}),
                            server.address().getPort()),
                    100,
                    0,
                    io.evenkeel.backend.Placement.NONE,
                    java.util.Map.of());

            assertTrue(asking.begin(HealthProbe.https("/").withTls(trusting), named)
                    .get(10, TimeUnit.SECONDS)
                    .isGood());
            assertEquals(
                    "shop.test",
                    new String(asked.get(10, TimeUnit.SECONDS).get(0).getEncoded(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    @DisplayName("3 whoever does not speak TLS is bad")
    void whoeverDoesNotSpeakTlsIsBad() throws Exception {
        HealthProbe probe = HealthProbe.https("/").withTls(trusting);
        try (FaultServer plain = FaultServer.start(
                connection -> connection.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII)))) {
            assertFalse(asking.ask(probe, plain.address()).isGood());
        }
        try (FaultServer silent =
                FaultServer.start(connection -> connection.getInputStream().read())) {
            assertEquals(
                    ProbeResult.bad("the backend broke off the TLS handshake"), asking.ask(probe, silent.address()));
        }
    }

    @Test
    @DisplayName("3 a long answer over TLS is read up to 8 KiB only")
    void aLongAnswerOverTlsIsReadUpTo8KibOnly() throws Exception {
        String endless = "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000);
        try (FaultServer server = FaultServer.startTls("good", connection -> answer(connection, endless))) {
            assertEquals(
                    ProbeResult.bad("headers without end"),
                    asking.ask(HealthProbe.https("/").withTls(trusting), server.address()));
        }
    }

    @Test
    void theStatusDecidesOverTlsToo() throws Exception {
        try (FaultServer server = FaultServer.startTls(
                "good", connection -> answer(connection, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"))) {
            assertEquals(
                    ProbeResult.bad("status 503"),
                    asking.ask(HealthProbe.https("/").withTls(trusting), server.address()));
        }
    }

    private ProbeResult ask(String certificate, ProbeTls tls) throws Exception {
        try (FaultServer server = FaultServer.startTls(certificate, connection -> answer(connection, OK))) {
            return asking.ask(HealthProbe.https("/").withTls(tls), server.address());
        }
    }

    private static void answer(Socket connection, String answer) throws java.io.IOException {
        FaultServer.readHeaders(connection);
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("3 a backend's name with a dot at its end is that of its certificate")
    void aNameWithADotAtItsEndIsThatOfItsCertificate() throws Exception {
        assertEquals(ProbeResult.good("status 200"), askByName("shop.test.", trusting));
        assertFalse(askByName("other.test.", trusting).isGood());
    }

    @Test
    @DisplayName("3 a name that TLS cannot carry is left out, and asks as before")
    void aNameThatTlsCannotCarryIsLeftOut() throws Exception {
        assertEquals(ProbeResult.good("status 200"), askByName("my_service", trusting.insecureWithoutVerification()));
    }

    private ProbeResult askByName(String host, ProbeTls tls) throws Exception {
        try (FaultServer server = FaultServer.startTls("good", connection -> answer(connection, OK))) {
            Backend backend = Backend.of(host, server.address().getPort());
            ProbeTarget target = new ProbeTarget(backend, server.address(), asking.sockets);
            return HealthProbe.http("/health")
                    .withTls(tls)
                    .check(target)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
