package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.FRONT;
import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;

/** How a forwarder starts, what it tells, and that nothing of it is left when it is closed. */
class ForwarderTest {
    private static final BackendPool NOBODY = BackendPool.of("nobody");

    @ParameterizedTest
    @TransportsHere
    void closeFreesEverything(Transport transport) throws IOException {
        try (TcpVm tcp = TcpVm.echo("vm1", "127.0.0.11");
                UdpVm udp = UdpVm.echo("vm1", "127.0.0.11")) {
            // Class loading and the first look-up open files, too.
            useAndClose(transport, tcp, udp);
            tcp.awaitNoConnections();
            int before = openFiles();

            for (int i = 0; i < 3; i++) {
                useAndClose(transport, tcp, udp);

                assertEquals(List.of(), ourThreads());
                tcp.awaitNoConnections();
                Await.until("no file more than before: " + before, () -> openFiles() <= before);
            }
        }
    }

    private static void useAndClose(Transport transport, TcpVm tcp, UdpVm udp) throws IOException {
        BackendPool tcpPool = BackendPool.of("tcp", tcp.backend());
        BackendPool udpPool = BackendPool.of(
                "udp",
                udp.backend(),
                Backend.of("named", "localhost", udp.port()).withWeight(0));
        FlowLog log = new FlowLog();
        Forwarder forwarder = Forwarders.builder(
                        transport, LoadBalancingRule.of("tcp", TCP, tcpPool), LoadBalancingRule.of("udp", UDP, udpPool))
                .listener(log)
                .build();
        InetSocketAddress tcpFront = forwarder.boundAddress("tcp");
        InetSocketAddress udpFront = forwarder.boundAddress("udp");
        try (Socket client = Forwarders.connect(forwarder, "tcp");
                DatagramSocket udpClient = Forwarders.connectUdp(forwarder, "udp", "127.0.0.1")) {
            client.getOutputStream().write(7);
            assertEquals(7, client.getInputStream().read());
            assertArrayEquals(new byte[3], UdpForwardingTest.ask(udpClient, new byte[3]));

            forwarder.close();
            forwarder.close();

            assertThrows(SocketException.class, () -> client.getInputStream().read(), "an open flow is reset");
        }
        assertTrue(
                log.lines().contains("tcp closed vm1 1 1 ABORTED"), log.lines().toString());
        assertTrue(
                log.lines().contains("udp closed vm1 3 3 ABORTED"), log.lines().toString());
        assertEquals(0, tcpPool.snapshot().members().get(0).load().inFlight());
        assertEquals(0, udpPool.snapshot().members().get(0).load().inFlight());
        new ServerSocket(tcpFront.getPort(), 1, tcpFront.getAddress()).close();
        new DatagramSocket(udpFront).close();
    }

    @ParameterizedTest
    @TransportsHere
    void aPortInUseIsToldAndNothingIsLeftBehind(Transport transport) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, TCP.address());
                DatagramSocket takenUdp = Forwarders.openUdp(FRONT)) {
            int free = Forwarders.unusedPort(FRONT);
            Rule good = LoadBalancingRule.of("good", Frontend.tcp(FRONT, free), NOBODY);
            Rule bad = LoadBalancingRule.of("bad", Frontend.tcp(FRONT, taken.getLocalPort()), NOBODY);
            Rule badUdp = LoadBalancingRule.of("badUdp", Frontend.udp(FRONT, takenUdp.getLocalPort()), NOBODY);

            IOException tcp = assertThrows(
                    IOException.class,
                    () -> Forwarders.builder(transport, good, bad).build());
            IOException udp = assertThrows(
                    IOException.class,
                    () -> Forwarders.builder(transport, good, badUdp).build());

            assertTrue(
                    tcp.getMessage()
                            .startsWith("rule \"bad\": cannot listen on tcp 127.0.0.10:" + taken.getLocalPort() + ": "),
                    tcp.getMessage());
            assertTrue(tcp.getMessage().contains("Address already in use"), tcp.getMessage());
            assertTrue(udp.getMessage().contains("Address already in use"), udp.getMessage());
            assertEquals(List.of(), ourThreads());
            new ServerSocket(free, 1, TCP.address()).close();
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aListenerThatThrowsHarmsNothingAndIsCounted(Transport transport) throws IOException {
        FlowListener broken = new FlowListener() {
            @Override
            public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
                throw new IllegalStateException("opened");
            }

            @Override
            public void flowClosed(
                    Rule rule, InetSocketAddress client, Backend backend, long in, long out, FlowEnd end) {
                throw new AssertionError("closed");
            }

            @Override
            public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
                throw new IllegalStateException("refused");
            }
        };
        FlowLog log = new FlowLog();
        try (TcpVm vm = TcpVm.naming("vm1", "127.0.0.11");
                Forwarder forwarder = Forwarders.builder(
                                transport,
                                LoadBalancingRule.of("http", TCP, BackendPool.of("web", vm.backend())),
                                LoadBalancingRule.of("empty", UDP, NOBODY))
                        .listener(broken)
                        .listener(log)
                        .build();
                DatagramSocket udp = Forwarders.connectUdp(forwarder, "empty", "127.0.0.1")) {
            assertEquals("vm1", TcpRoutingTest.nameBehind(forwarder, "http"));
            udp.send(new DatagramPacket(new byte[1], 1));

            log.awaitLine("http closed vm1 0 3 COMPLETED");
            log.awaitLine("empty refused");
            assertEquals(3, forwarder.faults().count());
        }
    }

    @Test
    void aListenerMayCloseTheForwarder() throws Exception {
        Forwarder[] forwarder = new Forwarder[1];
        CountDownLatch closed = new CountDownLatch(1);
        FlowListener closes = new FlowListener() {
            @Override
            public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
                forwarder[0].close();
                closed.countDown();
            }
        };
        forwarder[0] = Forwarders.builder(Transport.AUTO, LoadBalancingRule.of("udp", UDP, NOBODY))
                .listener(closes)
                .build();
        try (DatagramSocket client = Forwarders.connectUdp(forwarder[0], "udp", "127.0.0.1")) {
            client.send(new DatagramPacket(new byte[1], 1));
            closed.await();

            Await.until("all threads end", () -> ourThreads().isEmpty());
        }
    }

    @ParameterizedTest
    @TransportsHere
    void nothingIsAcceptedFromASocketThatAListenerHasClosed(Transport transport) throws Exception {
        Forwarder[] forwarder = new Forwarder[1];
        CountDownLatch closed = new CountDownLatch(1);
        FlowListener closes = new FlowListener() {
            @Override
            public void flowRefused(Rule rule, InetSocketAddress client, Exception cause) {
                forwarder[0].close(); // within the loop that accepts
                closed.countDown();
            }
        };
        Frontend guarded = TCP.withSecurityGroup(SecurityGroup.of("nobody"));
        forwarder[0] = Forwarders.builder(transport, LoadBalancingRule.of("web", guarded, NOBODY))
                .listener(closes)
                .build();
        assertThrows(IOException.class, () -> TcpRoutingTest.nameBehind(forwarder[0], "web"));
        closed.await();
        Await.until("all threads end", () -> ourThreads().isEmpty());

        assertEquals(0, forwarder[0].faults().count());
    }

    @Test
    void rulesAndAddressesCanBeRead() throws IOException {
        Rule rule = LoadBalancingRule.of("http", TCP, NOBODY);
        try (Forwarder forwarder = Forwarders.builder(Transport.NIO, rule).build()) {
            assertEquals(List.of(rule), forwarder.rules());
            assertEquals(FRONT, forwarder.boundAddress("http").getHostString());
            assertNotEquals(0, forwarder.boundAddress("http").getPort());
            assertRefused("rule: \"htpp\" (expected: one of [http])", () -> forwarder.boundAddress("htpp"));
        }
    }

    @Test
    void badSettingsAreRefusedWithNameValueAndExpectation() {
        Rule rule = LoadBalancingRule.of("a", Frontend.tcp(FRONT, 7777), NOBODY);
        ForwarderBuilder builder = Forwarder.builder();

        assertRefused("rules: none (expected: at least one)", builder::build);
        assertRefused("threads: 0 (expected: 1 to 1024)", () -> builder.threads(0));
        assertRefused("connectAttempts: 0 (expected: >= 1)", () -> builder.connectAttempts(0));
        assertRefused("connectTimeout: PT0S (expected: 1 ms to 24 h)", () -> builder.connectTimeout(Duration.ZERO));
        assertRefused(
                "rule: \"a\" (expected: a name that no other rule has)",
                () -> Forwarder.builder().rules(rule, rule).build());
        assertRefused(
                "frontend: tcp 127.0.0.10:7777 of rule \"b\" (expected: one that no other rule has)",
                () -> Forwarder.builder()
                        .rules(rule, LoadBalancingRule.of("b", rule.frontends().get(0), NOBODY))
                        .build());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("evenkeel-"))
                .toList();
    }

    /** Unlike all files, these are never opened by the machine itself as it loads classes. */
    static long openSockets() {
        return Arrays.stream(Objects.requireNonNull(new File("/proc/self/fd").listFiles()))
                .filter(ForwarderTest::isSocket)
                .count();
    }

    private static boolean isSocket(File descriptor) {
        try {
            return Files.readSymbolicLink(descriptor.toPath()).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    static int openFiles() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
