package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static io.evenkeel.netty.Forwarders.openUdp;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Datagrams whose client is named by a proxy, in a header before each. */
@Tag("netty")
class ProxiedDatagramTest {
    private static final Frontend BEHIND_PROXY = UDP.withTrustedProxies("127.0.1.0/24");
    private static final String PROXY = "127.0.1.7";
    private static final String STRANGER = "127.0.2.1";

    private static final InetSocketAddress CLIENT = address("192.0.2.1", 4711);
    private static final InetSocketAddress VIP = address("198.51.100.1", 53);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String FOUR = "c0000201c63364011267" + "0035"; // CLIENT and VIP
    private static final String SIX =
            "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "12670035";

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final FlowListener listener = new FlowListener() {
        @Override
        public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
            told.add("opened " + client);
        }

        @Override
        public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
            told.add("refused " + client + ": " + cause.getMessage());
        }

        @Override
        public void flowClosed(
                Rule rule, InetSocketAddress client, Backend backend, long fromClient, long fromBackend, FlowEnd end) {
            told.add("closed " + client + " " + fromClient + " " + fromBackend + " " + end);
        }
    };

    @DisplayName("2. S3: what a trusted proxy may send before a datagram, and that nobody else may send anything")
    @ParameterizedTest
    @TransportsHere
    void whatATrustedProxyMaySendBeforeADatagram(Transport transport) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(SIGNATURE + "2112000c" + FOUR, "opened /192.0.2.1:4711");
        headers.put(SIGNATURE + "21220024" + SIX, "opened /[2001:db8:0:0:0:0:0:1]:4711");
        headers.put(SIGNATURE + "21120010" + FOUR + "04000161", "opened /192.0.2.1:4711"); // an extension
        headers.put(SIGNATURE + "2112040c" + FOUR + "ee03fd" + "00".repeat(1021), "opened /192.0.2.1:4711");
        headers.put(SIGNATURE + "20000000", "opened ITSELF"); // LOCAL
        headers.put(SIGNATURE + "2011000c" + FOUR, "opened ITSELF"); // LOCAL, whatever the family
        headers.put(SIGNATURE + "21000000", "opened ITSELF"); // UNSPEC
        headers.put(SIGNATURE + "213200d8" + "2f".repeat(216), "opened ITSELF"); // a local socket
        headers.put(SIGNATURE + "2111000c" + FOUR, "refused ITSELF: PROXY header: not of a datagram");
        headers.put(SIGNATURE + "21210024" + SIX, "refused ITSELF: PROXY header: not of a datagram");
        headers.put(SIGNATURE + "213100d8" + "2f".repeat(216), "refused ITSELF: PROXY header: not of a datagram");
        headers.put(SIGNATURE + "2142000c" + FOUR, "refused ITSELF: PROXY header: family and transport");
        headers.put(SIGNATURE + "2113000c" + FOUR, "refused ITSELF: PROXY header: family and transport");
        headers.put(SIGNATURE + "2212000c" + FOUR, "refused ITSELF: PROXY header: version and command");
        headers.put(SIGNATURE + "1112000c" + FOUR, "refused ITSELF: PROXY header: version and command");
        headers.put(SIGNATURE + "2112000b" + FOUR, "refused ITSELF: PROXY header: too short for its addresses");
        headers.put(SIGNATURE + "2112040d" + FOUR, "refused ITSELF: PROXY header: more than 1,024 bytes of extensions");
        headers.put(SIGNATURE + "2112001f" + FOUR, "refused ITSELF: PROXY header: cut off"); // by the payload's end
        headers.put(SIGNATURE, "refused ITSELF: PROXY header: cut off");
        headers.put(hex("PROXY TCP4 192.0.2.1 198.51.100.1 4711 53\r\n"), "refused ITSELF: PROXY header: no signature");
        headers.put("", "refused ITSELF: PROXY header: no signature");
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, rule(BEHIND_PROXY, vm))) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                byte[] datagram = HexFormat.of().parseHex(header.getKey() + hex("a"));
                try (DatagramSocket proxy = openUdp(PROXY);
                        DatagramSocket stranger = openUdp(STRANGER)) {
                    send(forwarder, stranger, datagram);
                    awaitTold(
                            "refused " + stranger.getLocalSocketAddress() + ": udp 127.0.0.10:0: not a trusted proxy");
                    send(forwarder, proxy, datagram);
                    awaitTold(header.getValue().replace("ITSELF", String.valueOf(proxy.getLocalSocketAddress())));
                    if (header.getValue().startsWith("opened")) {
                        assertEquals("a", receive(proxy), header.getKey());
                    }
                }
            }

            assertEquals(8, vm.received());
        }
    }

    @DisplayName("2. S3: each datagram must have its header, and no byte of it comes to the backend or is counted")
    @ParameterizedTest
    @TransportsHere
    void eachDatagramMustHaveItsHeader(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, rule(BEHIND_PROXY, vm));
                DatagramSocket proxy = openUdp(PROXY)) {
            String header = header(CLIENT, VIP);

            assertEquals("one", ask(forwarder, proxy, header + "one"));
            send(forwarder, proxy, bytes("two"));
            awaitTold("refused " + proxy.getLocalSocketAddress() + ": PROXY header: no signature");
            assertEquals("", ask(forwarder, proxy, header));
            assertEquals("x".repeat(65_479), ask(forwarder, proxy, header + "x".repeat(65_507 - 28)));

            forwarder.close();
            awaitTold("closed /192.0.2.1:4711 65482 65482 ABORTED");
            assertEquals(3, vm.received());
        }
    }

    @DisplayName(
            "2. S3: clients behind one socket of a proxy have flows of their own, and so has one behind two sockets")
    @ParameterizedTest
    @TransportsHere
    void clientsBehindOneSocketHaveFlowsOfTheirOwn(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, rule(BEHIND_PROXY, vm));
                DatagramSocket one = openUdp(PROXY);
                DatagramSocket other = openUdp(PROXY)) {
            List<String> headers = List.of(
                    header(CLIENT, VIP),
                    header(address("192.0.2.1", 4712), VIP),
                    header(address("192.0.2.2", 4711), VIP),
                    header(CLIENT, address("198.51.100.1", 54)),
                    header(address("2001:db8::1", 4711), address("2001:db8::2", 53)));
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < headers.size(); i++) {
                    assertEquals("one " + i, ask(forwarder, one, headers.get(i) + "one " + i));
                    assertEquals("other " + i, ask(forwarder, other, headers.get(i) + "other " + i));
                }
            }

            assertEquals(10, told.size(), told.toString());
            assertEquals(
                    4, told.stream().filter("opened /192.0.2.1:4711"::equals).count());
        }
    }

    @DisplayName("2. PROXY: the header that goes on to a backend names the client and the address of the one that came")
    @ParameterizedTest
    @TransportsHere
    void theHeaderThatGoesOnNamesTheClientOfTheOneThatCame(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder inner = start(transport, rule(BEHIND_PROXY, vm).withProxyProtocol(ProxyProtocol.V2));
                DatagramSocket proxy = openUdp(PROXY)) {
            String extended = unhex(SIGNATURE + "21120010" + FOUR + "04000161");

            assertEquals(header(CLIENT, VIP) + "hello", ask(inner, proxy, extended + "hello"));
        }
    }

    @DisplayName("2. S3: a forwarder behind another one knows who the client is")
    @ParameterizedTest
    @TransportsHere
    void aForwarderBehindAnotherOneKnowsTheClient(Transport transport) throws IOException {
        Frontend trusting = UDP.withTrustedProxies("127.0.0.0/24");
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder inner = start(transport, rule(trusting, vm));
                Forwarder outer = Forwarders.builder(
                                transport,
                                LoadBalancingRule.of("dns", UDP, BackendPool.of("inner", backend(inner)))
                                        .withProxyProtocol(ProxyProtocol.V2))
                        .build();
                DatagramSocket client = connectUdp(outer, "dns", "127.0.3.1")) {
            assertEquals("hello", new String(UdpForwardingTest.ask(client, bytes("hello")), ISO_8859_1));

            assertEquals(List.of("opened " + client.getLocalSocketAddress()), told);
        }
    }

    private static Backend backend(Forwarder forwarder) {
        InetSocketAddress address = forwarder.boundAddress("dns");
        return Backend.of(address.getAddress().getHostAddress(), address.getPort());
    }

    @DisplayName("2. S3: the security group is about the client that the proxy names")
    @ParameterizedTest
    @TransportsHere
    void theSecurityGroupIsAboutTheClientThatTheProxyNames(Transport transport) throws IOException {
        SecurityGroup group = SecurityGroup.of(
                "dns", SecurityRule.deny(100, "bad", "192.0.2.1"), SecurityRule.allow(200, "good", "192.0.2.0/24"));
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, rule(BEHIND_PROXY.withSecurityGroup(group), vm));
                DatagramSocket proxy = openUdp(PROXY)) {
            send(forwarder, proxy, bytes(header(CLIENT, VIP) + "bad"));
            Await.until("it is told", () -> !told.isEmpty());

            assertEquals("good", ask(forwarder, proxy, header(address("192.0.2.2", 1), VIP) + "good"));
            assertEquals("refused /192.0.2.1:4711", told.get(0).substring(0, 23));
            assertEquals(1, vm.received());
        }
    }

    @DisplayName("2. S6: limits are about the clients that the proxy names: new flows, flows of a source, and all")
    @ParameterizedTest
    @TransportsHere
    void limitsAreAboutTheClientsThatTheProxyNames(Transport transport) throws IOException {
        // If the proxy were counted, the second of its clients would be refused.
        Frontend slow = BEHIND_PROXY.withNewFlowsPerSecond(1, 1);
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder many = start(transport, rule(slow, vm));
                DatagramSocket proxy = openUdp(PROXY)) {
            for (int host = 1; host <= 20; host++) {
                assertEquals("hello", ask(many, proxy, header(address("192.0.2." + host, 1), VIP) + "hello"));
            }
        }
        told.clear();
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder few = start(transport, rule(BEHIND_PROXY, vm).withUdp(new UdpOptions(4, 2, 0)));
                DatagramSocket proxy = openUdp(PROXY)) {
            for (int port = 1; port <= 3; port++) {
                ask(few, proxy, header(address("192.0.2.1", port), VIP) + "a");
            }
            for (int host = 2; host <= 4; host++) {
                ask(few, proxy, header(address("192.0.2." + host, 1), VIP) + "b");
            }

            List<String> evicted =
                    told.stream().filter(line -> line.startsWith("closed")).toList();
            assertEquals(List.of("closed /192.0.2.1:1 1 1 EVICTED", "closed /192.0.2.1:2 1 1 EVICTED"), evicted);
        }
    }

    @DisplayName("2. S3: a client that the proxy names stays on its backend, through whatever socket it comes")
    @ParameterizedTest
    @TransportsHere
    void aNamedClientStaysOnItsBackend(Transport transport) throws IOException {
        try (UdpVm vm1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.naming("vm2", "127.0.0.12");
                Forwarder forwarder = start(
                        transport, rule(BEHIND_PROXY, vm1, vm2).withSessionPersistence(SessionPersistence.CLIENT_IP))) {
            Set<String> used = new TreeSet<>();
            for (int host = 1; host <= 50; host++) {
                Set<String> ofHost = new TreeSet<>();
                for (int port = 1; port <= 2; port++) {
                    try (DatagramSocket proxy = openUdp(PROXY)) {
                        ofHost.add(ask(forwarder, proxy, header(address("192.0.2." + host, port), VIP)));
                    }
                }
                assertEquals(1, ofHost.size(), "backends of one client: " + ofHost);
                used.addAll(ofHost);
            }

            // That 50 hosts are all on one of two has a chance of 2 in 2^50.
            assertEquals(Set.of("vm1", "vm2"), used);
        }
    }

    @DisplayName("2. S3: whom a front end trusts may change while it runs")
    @ParameterizedTest
    @TransportsHere
    void whomAFrontEndTrustsMayChange(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, rule(UDP, vm));
                DatagramSocket proxy = openUdp(PROXY)) {
            String header = header(CLIENT, VIP);
            assertEquals(header + "direct", ask(forwarder, proxy, header + "direct"));

            int port = forwarder.boundAddress("dns").getPort();
            forwarder.update(List.of(rule(BEHIND_PROXY.withPort(port), vm)));

            assertEquals("named", ask(forwarder, proxy, header + "named"));
            send(forwarder, proxy, bytes("direct"));
            awaitTold("refused " + proxy.getLocalSocketAddress() + ": PROXY header: no signature");
        }
    }

    private Forwarder start(Transport transport, Rule rule) throws IOException {
        return Forwarders.builder(transport, rule).listener(listener).build();
    }

    private static LoadBalancingRule rule(Frontend frontend, UdpVm... vms) {
        List<Backend> backends = new ArrayList<>();
        for (UdpVm vm : vms) {
            backends.add(vm.backend());
        }
        return LoadBalancingRule.of("dns", frontend, BackendPool.of("p", backends.toArray(Backend[]::new)));
    }

    private void awaitTold(String line) {
        Await.until(
                "\"" + line + "\" is told last, now: " + told,
                () -> !told.isEmpty() && told.get(told.size() - 1).equals(line));
    }

    private static String ask(Forwarder forwarder, DatagramSocket proxy, String datagram) throws IOException {
        send(forwarder, proxy, bytes(datagram));
        return receive(proxy);
    }

    /** From a socket that is not connected, since the JDK sends no empty datagram from one that is. */
    private static void send(Forwarder forwarder, DatagramSocket from, byte[] datagram) throws IOException {
        from.send(new DatagramPacket(datagram, datagram.length, forwarder.boundAddress("dns")));
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    private static String header(InetSocketAddress source, InetSocketAddress destination) {
        Flow flow = new Flow(Protocol.UDP, source, destination);
        return new String(ByteBufUtil.getBytes(ProxyEncoder.encode(ProxyProtocol.V2, flow)), ISO_8859_1);
    }

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddresses.forString(ip), port);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(bytes(text));
    }

    private static String unhex(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }
}
