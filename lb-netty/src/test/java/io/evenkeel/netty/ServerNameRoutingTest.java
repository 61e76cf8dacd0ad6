package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.NamedVms.answer;
import static io.evenkeel.netty.NamedVms.server;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.testing.Await;
import io.evenkeel.testing.Certificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Connections that go to the pool of the server's name in their ClientHello, or are turned away for it. */
@Tag("netty")
class ServerNameRoutingTest {
    private static final byte[] HEADER = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n".getBytes(ISO_8859_1);
    private static final byte[] MORE = "early data".getBytes(ISO_8859_1);

    private final FlowLog log = new FlowLog();
    private NamedVms vms;

    @BeforeEach
    void startVms() throws IOException {
        vms = new NamedVms();
    }

    @AfterEach
    void closeVms() throws IOException {
        vms.close();
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: each name reaches its own server, whose certificate the client sees, with TLS 1.2 and 1.3")
    void eachNameReachesItsOwnServer(Transport transport) throws IOException {
        try (TcpVm a = new TcpVm("a", "127.0.0.14", overTls("good", 'a'));
                TcpVm b = new TcpVm("b", "127.0.0.15", overTls("other-name", 'b'))) {
            ServerNames names = ServerNames.of(Map.of("shop.test", NamedVms.pool(a), "other.test", NamedVms.pool(b)));
            try (Forwarder forwarder = start(transport, vms.rule(names))) {
                for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                    assertEquals('a', askOverTls(forwarder, version, "shop.test"));
                    assertEquals('b', askOverTls(forwarder, version, "other.test"));
                }
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: what a client sends arrives byte for byte, in whatever pieces and records, and is counted")
    void whatAClientSendsArrivesUntouched(Transport transport) throws IOException {
        byte[] sent =
                join(Hellos.inRecords(Hellos.withExtensions(Hellos.GREASE, Hellos.serverName("shop.test")), 20), MORE);
        try (Forwarder forwarder = start(transport, vms.rule(vms.names()))) {
            for (int pieceLength : new int[] {sent.length, 13, 1}) {
                assertEquals("shop|" + text(sent), answer(forwarder, sent, pieceLength));
            }

            log.awaitLine("https closed shop " + sent.length + " " + (sent.length + 5) + " COMPLETED");
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: much that comes right behind the ClientHello arrives, too")
    void muchThatComesRightBehindArrives(Transport transport) throws IOException {
        byte[] sent = join(Hellos.naming("v1.api.test"), new byte[300_000]);
        try (Forwarder forwarder = start(transport, vms.rule(vms.names()))) {
            assertEquals("api|" + text(sent), answer(forwarder, sent, sent.length));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: a name counts behind the header of a trusted proxy, too, and the backend still gets its own")
    void aNameCountsBehindTheHeaderOfAProxy(Transport transport) throws IOException {
        byte[] sent = join(HEADER, Hellos.naming("shop.test"));
        Rule behind = vms.rule(vms.names())
                .withFrontends(TCP.withTrustedProxies("127.0.0.0/8"))
                .withProxyProtocol(ProxyProtocol.V1);
        try (Forwarder forwarder = start(transport, behind)) {
            for (int pieceLength : new int[] {sent.length, HEADER.length, HEADER.length + 9, 7, 1}) {
                assertEquals("shop|" + text(sent), answer(forwarder, sent, pieceLength));
            }
            assertEquals("alert 50", server(forwarder, join(HEADER, Hellos.naming("two..dots"))));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. SNI: what was all there, to its end, when the client was accepted is told once, and all of it is read")
    void whatWasAllThereIsRead(Transport transport) throws IOException {
        String padding = Hellos.extension(21, "\0".repeat(6_000)); // so that it takes more than one read
        byte[] hello = Hellos.of(padding, Hellos.serverName("shop.test"));
        byte[] sent = join(HEADER, join(hello, new byte[6_000]));
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> isHeld = new CompletableFuture<>();
        FlowListener holding = new FlowListener() {
            @Override
            public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
                isHeld.complete(null);
                held.join();
            }
        };
        Rule behind = vms.rule(vms.names()).withFrontends(TCP.withTrustedProxies("127.0.0.0/8"));
        try (Forwarder forwarder = Forwarders.builder(transport, behind)
                        .threads(1)
                        .listener(holding)
                        .build();
                Socket other = Forwarders.connect(forwarder, "https");
                Socket client = Forwarders.connect(forwarder, "https")) {
            other.getOutputStream().write(join(HEADER, Hellos.naming("v1.api.test")));
            isHeld.join();

            client.getOutputStream().write(sent);
            client.shutdownOutput();
            held.complete(null);

            assertEquals(
                    "shop|" + text(join(hello, new byte[6_000])),
                    text(client.getInputStream().readAllBytes()));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: who gives an unknown name, or none, is served by the pool of the rule")
    void whoGivesAnUnknownNameIsServedByThePoolOfTheRule(Transport transport) throws IOException {
        try (Forwarder forwarder = start(transport, vms.rule(vms.names()))) {
            assertEquals("web", server(forwarder, Hellos.naming("elsewhere.test")));
            assertEquals("web", server(forwarder, Hellos.of()));
            assertEquals("shop", server(forwarder, Hellos.naming("SHOP.test")));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: where only known names count, others get an alert that says so, and no backend hears of them")
    void whereOnlyKnownNamesCountOthersGetAnAlert(Transport transport) throws IOException {
        try (Forwarder forwarder = start(transport, vms.rule(vms.names().withOnlyKnown(true)))) {
            assertEquals("alert 112", server(forwarder, Hellos.naming("elsewhere.test")));
            assertEquals("alert 109", server(forwarder, Hellos.of()));
            assertEquals("shop", server(forwarder, Hellos.naming("shop.test")));

            assertRefusals("ClientHello: unknown server name elsewhere.test", "ClientHello: no server name");
            assertEquals(0, vms.web.accepted());
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: a TLS client that is turned away learns why")
    void aTlsClientThatIsTurnedAwayLearnsWhy(Transport transport) throws IOException {
        try (Forwarder forwarder = start(transport, vms.rule(vms.names().withOnlyKnown(true)))) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                SSLHandshakeException end = assertThrows(
                        SSLHandshakeException.class, () -> askOverTls(forwarder, version, "elsewhere.test"));
                assertTrue(end.getMessage().contains("unrecognized_name"), end.getMessage());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. SNI: a malformed ClientHello gets an alert, also where any name is served, and no backend hears of it")
    void aMalformedClientHelloGetsAnAlert(Transport transport) throws IOException {
        String name = Hellos.serverName("shop.test");
        try (Forwarder forwarder = start(transport, vms.rule(vms.names().withOnlyTls(false)))) {
            assertEquals("alert 50", server(forwarder, Hellos.of(name, name)));
            assertEquals("alert 50", server(forwarder, Hellos.naming("a\nb")));

            assertRefusals("ClientHello: two lists of server names", "ClientHello: not a server name");
            assertEquals(0, vms.web.accepted() + vms.shop.accepted());
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. SNI: who does not speak TLS is reset, or served by the pool of the rule if that is allowed")
    void whoDoesNotSpeakTlsIsReset(Transport transport) throws IOException {
        byte[] request = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
        try (Forwarder strict = start(transport, vms.rule(vms.names()));
                Forwarder lenient = start(transport, vms.rule(vms.names().withOnlyTls(false)))) {
            assertReset(server(strict, request));
            assertEquals("web|" + text(request), answer(lenient, request, 1));

            assertRefusals("ClientHello: none, but something else");
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. SNI: who sends no ClientHello, or half of one, is reset in time; who leaves meanwhile is forgotten")
    void whoSendsNoClientHelloIsReset(Transport transport) throws IOException {
        ServerNames hasty = vms.names().withHelloTimeout(Duration.ofMillis(100));
        byte[] half = Arrays.copyOf(Hellos.naming("shop.test"), 30);
        try (Forwarder forwarder = start(transport, vms.rule(hasty));
                Socket silent = Forwarders.connect(forwarder, "https");
                Socket slow = Forwarders.connect(forwarder, "https")) {
            assertThrows(SocketException.class, () -> {
                slow.getOutputStream().write(half);
                slow.getInputStream().read();
            });
            assertThrows(SocketException.class, () -> silent.getInputStream().read());
            assertRefusals("no ClientHello within 100 ms", "no ClientHello within 100 ms");
        }
        try (Forwarder forwarder = start(transport, vms.rule(vms.names()))) {
            assertReset(server(forwarder, half));

            Await.until(
                    "that is told",
                    () -> log.lastRefusal().equals("the other end left before its ClientHello was complete"));
        }
    }

    private void assertRefusals(String... messages) {
        Await.until("all are told", () -> log.refusals().size() >= messages.length);
        assertEquals(
                List.of(messages),
                log.refusals().stream().map(Exception::getMessage).toList());
    }

    private static void assertReset(String end) {
        assertTrue(end.startsWith("java.net.SocketException"), end);
    }

    private static TcpVm.Service overTls(String certificate, char answer) {
        SSLContext tls = Certificates.server(certificate);
        return socket -> {
            try (Socket secure = tls.getSocketFactory().createSocket(socket, null, true)) {
                secure.getInputStream().read();
                secure.getOutputStream().write(answer);
            }
        };
    }

    /** Believes a server only if its certificate has that name. */
    private static int askOverTls(Forwarder forwarder, String version, String name) throws IOException {
        try (Socket plain = Forwarders.connect(forwarder, "https");
                SSLSocket secure =
                        (SSLSocket) Certificates.trusting().getSocketFactory().createSocket(plain, name, 443, true)) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.getOutputStream().write(1);
            return secure.getInputStream().read();
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private Forwarder start(Transport transport, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule).listener(log).build();
    }
}
