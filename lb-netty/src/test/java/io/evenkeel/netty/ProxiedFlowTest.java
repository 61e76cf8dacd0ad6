package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.Forwarders.openUdp;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows whose client is named in a header: to backends, and by proxies. */
@Tag("netty")
class ProxiedFlowTest {
    private static final Frontend BEHIND_PROXY = TCP.withTrustedProxies("127.0.1.0/24");

    private final List<InetSocketAddress> clients = new CopyOnWriteArrayList<>();
    private final FlowLog log = new FlowLog();
    private final FlowListener addresses = new FlowListener() {
        @Override
        public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
            clients.add(client);
        }

        @Override
        public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
            clients.add(client);
        }
    };

    @DisplayName(
            "2. PROXY: a backend gets the header first, then what the client sends, and payload is what is counted")
    @ParameterizedTest
    @TransportsHere
    void aBackendGetsTheHeaderFirst(Transport transport) throws IOException {
        for (ProxyProtocol version : ProxyProtocol.values()) {
            try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                    Forwarder forwarder = start(
                            transport,
                            LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend()))
                                    .withProxyProtocol(version));
                    Socket client = connect(forwarder, "http")) {
                client.getOutputStream().write("hello".getBytes(ISO_8859_1));
                client.shutdownOutput();

                String header =
                        header(version, Protocol.TCP, client.getLocalSocketAddress(), client.getRemoteSocketAddress());
                assertEquals(header + "hello", readAll(client));
                log.awaitLine("http closed vm1 5 " + (header.length() + 5) + " COMPLETED");
            }
        }
    }

    @DisplayName("2. PROXY: a backend that speaks first gets the header before the client says anything")
    @ParameterizedTest
    @TransportsHere
    void aBackendThatSpeaksFirstNeedNotWait(Transport transport) throws IOException {
        TcpVm.Service greets = socket -> {
            byte[] header = socket.getInputStream().readNBytes(28);
            socket.getOutputStream().write(header[13]);
            TcpVm.drain(socket.getInputStream());
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", greets);
                Forwarder forwarder = start(
                        transport,
                        InboundNatRule.of("ssh", TCP, BackendPool.of("web", vm.backend()), "vm1", 0)
                                .withProxyProtocol(ProxyProtocol.V2));
                Socket client = connect(forwarder, "ssh")) {
            assertEquals(0x11, client.getInputStream().read());
        }
    }

    @DisplayName("2. PROXY: each datagram begins with the header, also an empty one; replies have none")
    @ParameterizedTest
    @TransportsHere
    void eachDatagramBeginsWithTheHeader(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("dns", UDP, BackendPool.of("dns", vm.backend()))
                                .withProxyProtocol(ProxyProtocol.V2));
                DatagramSocket client = openUdp("127.0.0.1")) {
            InetSocketAddress front = forwarder.boundAddress("dns");
            String header = header(ProxyProtocol.V2, Protocol.UDP, client.getLocalSocketAddress(), front);
            for (String payload : List.of("one", "two", "", "x".repeat(65_507 - 28))) {
                byte[] bytes = payload.getBytes(ISO_8859_1);

                client.send(new DatagramPacket(bytes, bytes.length, front));

                DatagramPacket reply = new DatagramPacket(new byte[65_535], 65_535);
                client.receive(reply);
                assertArrayEquals(
                        (header + payload).getBytes(ISO_8859_1), Arrays.copyOf(reply.getData(), reply.getLength()));
            }
        }
    }

    @DisplayName("2. S3: the client that a trusted proxy names counts, and no byte of the header reaches the backend")
    @ParameterizedTest
    @TransportsHere
    void theClientThatATrustedProxyNamesCounts(Transport transport) throws IOException {
        InetSocketAddress named = new InetSocketAddress("192.0.2.1", 4711);
        InetSocketAddress destination = new InetSocketAddress("198.51.100.1", 443);
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport, LoadBalancingRule.of("http", BEHIND_PROXY, BackendPool.of("web", vm.backend())))) {
            for (ProxyProtocol version : List.of(ProxyProtocol.V1, ProxyProtocol.V2)) {
                for (int pieces : new int[] {1, 3}) {
                    try (Socket proxy = connect(forwarder, "http", "127.0.1.7")) {
                        send(proxy, header(version, Protocol.TCP, named, destination) + "hello", pieces);
                        proxy.shutdownOutput();

                        assertEquals("hello", readAll(proxy));
                    }
                }
            }

            assertEquals(List.of(named, named, named, named), clients);
        }
    }

    @DisplayName("2. S3: a header that names nobody makes the proxy the client")
    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "\r\n\r\n\0\r\nQUIT\n\40\0\0\0"})
    void aHeaderThatNamesNobodyMakesTheProxyTheClient(String header) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        Transport.AUTO,
                        LoadBalancingRule.of("http", BEHIND_PROXY, BackendPool.of("web", vm.backend())));
                Socket proxy = connect(forwarder, "http", "127.0.1.7")) {
            send(proxy, header + "hello", 1);
            proxy.shutdownOutput();

            assertEquals("hello", readAll(proxy));
            assertEquals(List.of(proxy.getLocalSocketAddress()), clients);
        }
    }

    @DisplayName("2. S3: who is no trusted proxy is reset, whatever it claims, and no backend hears of it")
    @ParameterizedTest
    @TransportsHere
    void whoIsNoTrustedProxyIsReset(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport, LoadBalancingRule.of("http", BEHIND_PROXY, BackendPool.of("web", vm.backend())))) {
            assertReset(forwarder, "127.0.2.1", "PROXY TCP4 127.0.1.7 127.0.0.10 1 2\r\nhello");

            assertEquals("tcp 127.0.0.10:0: not a trusted proxy", log.awaitRefusal());
            assertEquals("/127.0.2.1", clients.get(0).getAddress().toString());
            assertEquals(0, vm.accepted());
        }
    }

    @DisplayName("2. S3: a trusted proxy that sends no header, a wrong one or half of one is reset")
    @ParameterizedTest
    @TransportsHere
    void aTrustedProxyMustSendAHeader(Transport transport) throws IOException {
        Frontend hasty = BEHIND_PROXY.withProxyHeaderTimeout(Duration.ofMillis(100));
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder =
                        start(transport, LoadBalancingRule.of("http", hasty, BackendPool.of("web", vm.backend())))) {
            assertReset(forwarder, "127.0.1.7", "GET / HTTP/1.1\r\n\r\n");
            assertReset(forwarder, "127.0.1.7", "");
            assertReset(forwarder, "127.0.1.7", "PROXY TCP4 ");

            Await.until("all are told", () -> log.refusals().size() == 3);
            assertEquals(
                    List.of(
                            "PROXY header: no signature",
                            "no PROXY header within 100 ms",
                            "no PROXY header within 100 ms"),
                    log.refusals().stream().map(Exception::getMessage).toList());
            assertEquals(0, vm.accepted());
        }
    }

    @DisplayName("2. S3: a proxy that leaves within its header is refused, and no backend hears of it")
    @ParameterizedTest
    @TransportsHere
    void aProxyThatLeavesWithinItsHeaderIsRefused(Transport transport) throws IOException {
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport, LoadBalancingRule.of("http", BEHIND_PROXY, BackendPool.of("web", vm.backend())))) {
            try (Socket proxy = connect(forwarder, "http", "127.0.1.7")) {
                send(proxy, "PROXY TCP4 192.0.2.1 ", 3);
            }

            assertEquals("the other end left before its PROXY header was complete", log.awaitRefusal());
            assertEquals(0, vm.accepted());
        }
    }

    @DisplayName("2. S3: the security group is about the client that the proxy names")
    @ParameterizedTest
    @TransportsHere
    void theSecurityGroupIsAboutTheClientThatTheProxyNames(Transport transport) throws IOException {
        SecurityGroup group = SecurityGroup.of(
                "web", SecurityRule.deny(100, "bad", "192.0.2.1"), SecurityRule.allow(200, "good", "192.0.2.0/24"));
        try (TcpVm vm = TcpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of(
                                "http", BEHIND_PROXY.withSecurityGroup(group), BackendPool.of("web", vm.backend())))) {
            assertReset(forwarder, "127.0.1.7", "PROXY TCP4 192.0.2.1 127.0.0.10 1 2\r\n");
            try (Socket proxy = connect(forwarder, "http", "127.0.1.7")) {
                send(proxy, "PROXY TCP4 192.0.2.2 127.0.0.10 1 2\r\nhello", 1);
                proxy.shutdownOutput();

                assertEquals("hello", readAll(proxy));
            }
        }
    }

    private static void assertReset(Forwarder forwarder, String from, String sent) {
        assertThrows(SocketException.class, () -> {
            try (Socket client = connect(forwarder, "http", from)) {
                send(client, sent, 1);
                TcpVm.drain(client.getInputStream());
            }
        });
    }

    private static String header(
            ProxyProtocol version, Protocol protocol, SocketAddress source, SocketAddress destination) {
        Flow flow = new Flow(protocol, (InetSocketAddress) source, (InetSocketAddress) destination);
        return new String(ByteBufUtil.getBytes(ProxyEncoder.encode(version, flow)), ISO_8859_1);
    }

    private static void send(Socket socket, String text, int pieces) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        socket.setTcpNoDelay(true);
        for (int i = 0; i < pieces; i++) {
            int from = bytes.length * i / pieces;
            socket.getOutputStream().write(bytes, from, bytes.length * (i + 1) / pieces - from);
        }
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private Forwarder start(Transport transport, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule)
                .listener(addresses)
                .listener(log)
                .build();
    }
}
