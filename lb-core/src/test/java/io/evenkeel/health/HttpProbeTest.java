package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Descriptors;
import io.evenkeel.testing.FaultServer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("health")
class HttpProbeTest {
    private final ProbeSockets sockets = new ProbeSockets("test");

    @AfterEach
    void close() throws IOException {
        sockets.close();
    }

    @Test
    void status200IsGood() throws Exception {
        assertGood("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertGood("HTTP/1.0 200\r\n\r\n");
        assertGood("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 429, 500, 502, 503, 504})
    void anyOtherStatusIsBad(int status) throws Exception {
        assertBad("status " + status, "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\nLocation: /\r\n\r\n");
    }

    @Test
    void whatIsNotHttpIsBad() throws Exception {
        assertBad("not an HTTP/1 answer", "SSH-2.0-OpenSSH_9.2\r\n");
        assertBad("not an HTTP/1 answer", "HTTP/2.0 200 OK\r\n\r\n");
        assertBad("not an HTTP/1 answer", "HTTP/1.1 2000 OK\r\n\r\n");
        assertBad("no status line", "HTTP/1.1 200 OK");
        assertBad("no status line", "");
        assertBad("headers without end", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n");
        assertBad("ended before its body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    }

    @Test
    void headersWithoutEndAreReadUpTo8KibOnly() throws Exception {
        assertBad("headers without end", "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000));
        assertBad("no status line", "x".repeat(1_000_000));
    }

    @Test
    void aLargeBodyIsGoodAndNotRead() throws Exception {
        assertGood("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n" + "x".repeat(100_000));
    }

    @Test
    void aServerThatHangsAfterItsHeadersGivesNoAnswer() throws Exception {
        CompletableFuture<Void> hang = new CompletableFuture<>();
        try (FaultServer server = FaultServer.start(connection -> {
            FaultServer.readHeaders(connection);
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            hang.complete(null);
            connection.getInputStream().read(); // until the probe goes away
        })) {
            CompletionStage<ProbeResult> question = check(HealthProbe.http("/"), server.address());

            hang.get(10, TimeUnit.SECONDS);
            assertFalse(question.toCompletableFuture().isDone());
            question.toCompletableFuture().cancel(true);
        }
    }

    @Test
    void theRequestIsAPlainGetForAnybody() throws Exception {
        AtomicReference<String> request = new AtomicReference<>();
        try (FaultServer server = FaultServer.start(connection -> request.set(FaultServer.readHeaders(connection)))) {
            await(check(HealthProbe.http("/health?deep=1"), server.address()));

            assertEquals(
                    "GET /health?deep=1 HTTP/1.1\r\nHost: 127.0.0.1:"
                            + server.address().getPort()
                            + "\r\nUser-Agent: evenkeel-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                    request.get());
        }
    }

    @Test
    void anIpv6HostIsInBrackets() {
        byte[] request = HealthProbe.http("/").request(new InetSocketAddress(InetAddresses.forString("::1"), 8080));

        assertTrue(new String(request, StandardCharsets.US_ASCII).contains("Host: [::1]:8080\r\n"));
    }

    @Test
    void aPortOfItsOwnIsAskedInsteadOfTheBackends() throws Exception {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\n\r\nok")) {
            InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            int port = server.address().getPort();

            assertTrue(await(check(HealthProbe.http("/").withPort(port), elsewhere))
                    .isGood());
            assertTrue(await(check(HealthProbe.tcp(port), elsewhere)).isGood());
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (FaultServer other = FaultServer.answering("HTTP/1.1 200 OK\r\n\r\nok")) {
            assertBad(
                    "status 302",
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:"
                            + other.address().getPort() + "/\r\nContent-Length: 0\r\n\r\n");

            assertEquals(0, other.connections());
        }
    }

    @Test
    void nobodyListeningIsBadForEitherProbe() throws Exception {
        InetSocketAddress closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) socket.getLocalSocketAddress();
        }

        assertEquals(ProbeResult.bad("Connection refused"), await(check(HealthProbe.http("/"), closed)));
        assertEquals(ProbeResult.bad("Connection refused"), await(check(HealthProbe.tcp(), closed)));
    }

    @Test
    void aTcpProbeIsGoodWhenTheConnectionStandsAndClosesIt() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (FaultServer server = FaultServer.start(
                connection -> end.complete(connection.getInputStream().read()))) {
            assertEquals(ProbeResult.good("connected"), await(check(HealthProbe.tcp(), server.address())));
            assertEquals(-1, end.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aCancelledProbeClosesItsSocket() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        try (FaultServer server = FaultServer.start(connection -> {
            FaultServer.readHeaders(connection);
            asked.complete(null);
            end.complete(connection.getInputStream().read());
        })) {
            CompletionStage<ProbeResult> question = check(HealthProbe.http("/"), server.address());
            asked.get(10, TimeUnit.SECONDS);

            question.toCompletableFuture().cancel(true);

            assertEquals(-1, end.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aThousandProbesLeaveNoDescriptorBehind() throws Exception {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 503 x\r\n\r\n")) {
            await(check(HealthProbe.http("/"), server.address()));
            long before = Descriptors.open();

            for (int i = 0; i < 1_000; i++) {
                await(check(HealthProbe.http("/"), server.address()));
            }

            // A few may belong to connections that the server is closing.
            Await.until("descriptors are back at " + before, () -> Descriptors.open() <= before + 3);
        }
    }

    @Test
    void anUnknownHostIsBadAndBlocksNobody() throws Exception {
        Backend unknown = Backend.of("no-such-host.invalid", 80);

        ProbeResult result = sockets.target(unknown)
                .thenCompose(HealthProbe.tcp()::check)
                .exceptionally(fault -> ProbeResult.failed(fault.getCause()))
                .get(20, TimeUnit.SECONDS);

        assertEquals(ProbeResult.bad("unknown host no-such-host.invalid"), result);
    }

    private void assertGood(String answer) throws Exception {
        try (FaultServer server = FaultServer.answering(answer)) {
            assertEquals(ProbeResult.good("status 200"), await(check(HealthProbe.http("/"), server.address())));
        }
    }

    private void assertBad(String reason, String answer) throws Exception {
        try (FaultServer server = FaultServer.answering(answer)) {
            assertEquals(ProbeResult.bad(reason), await(check(HealthProbe.http("/"), server.address())));
        }
    }

    private CompletionStage<ProbeResult> check(HealthProbe probe, InetSocketAddress address) {
        Backend backend = Backend.of("127.0.0.1", address.getPort());
        return probe.check(new ProbeTarget(backend, address, sockets));
    }

    private static ProbeResult await(CompletionStage<ProbeResult> question) throws Exception {
        return question.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theZoneOfAnAddressStaysAtHome() throws Exception {
        byte[] linkLocal = InetAddresses.forString("fe80::1").getAddress();
        InetAddress zoned = Inet6Address.getByAddress(null, linkLocal, 1);

        String request =
                new String(HealthProbe.http("/").request(new InetSocketAddress(zoned, 80)), StandardCharsets.US_ASCII);

        assertTrue(request.contains("\r\nHost: [fe80::1]:80\r\n"), request);
    }

    @Test
    void listingsDoNotShowTheQueryWhichMayHoldASecret() {
        assertEquals("http /health", HealthProbe.http("/health?token=secret").toString());
    }
}
