package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** A forwarder that is closed while it is busy. */
@Tag("netty")
class GracefulStopTest {
    /** Far more than any test takes. */
    private static final Duration LONG = Duration.ofHours(1);

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F24: with 1,000 open flows, close refuses new ones, lets these finish, and leaves nothing behind")
    void flowsFinish(Transport transport) throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
            Forwarder forwarder = Forwarders.builder(transport, rule).build();
            connectAll(forwarder, 1_000);
            InetSocketAddress place = forwarder.boundAddress("web");

            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> forwarder.close(LONG));
            Await.until("new connections are refused", () -> isRefused(place));
            for (Socket client : clients) {
                assertEcho(client, 2);
                client.shutdownOutput();
                assertEquals(-1, client.getInputStream().read());
            }
            closing.get();

            forwarder.close(LONG);
            assertEquals(List.of(), ForwarderTest.ourThreads());
            vm.awaitNoConnections();
        }
    }

    private void connectAll(Forwarder forwarder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket client = connect(forwarder, "web");
            clients.add(client);
            assertEcho(client, 1);
        }
    }

    private static boolean isRefused(InetSocketAddress place) {
        try (Socket late = new Socket()) {
            late.connect(place, 10_000);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false; // taken by the system just before, and reset
        }
    }

    private static void assertEcho(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        assertEquals(value, client.getInputStream().read());
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F24: what is not finished at the deadline is reset, and no descriptor is left")
    void whatIsLeftIsReset(Transport transport) throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
            Forwarders.builder(transport, rule).build().close(); // class loading opens files, too
            int before = ForwarderTest.openFiles();
            Forwarder forwarder = Forwarders.builder(transport, rule).build();
            connectAll(forwarder, 50);
            long start = System.nanoTime();

            forwarder.close(Duration.ofMillis(200));

            assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos(), "not before the deadline");
            for (Socket client : clients) {
                assertThrows(
                        SocketException.class, () -> client.getInputStream().read());
                client.close();
            }
            assertEquals(List.of(), ForwarderTest.ourThreads());
            vm.awaitNoConnections();
            Await.until("no file more than before: " + before, () -> ForwarderTest.openFiles() <= before);
        }
    }

    @Test
    void anIdleForwarderClosesAtOnce() throws IOException {
        Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("nobody"));
        Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule).build();

        forwarder.close(LONG); // or this test never ends

        assertEquals(List.of(), ForwarderTest.ourThreads());
    }

    @Test
    void udpFlowsAreWaitedForUntilTheyAreIdle() throws IOException {
        try (UdpVm vm = UdpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("dns", UDP, BackendPool.of("dns", vm.backend()))
                    .withIdleTimeout(Duration.ofMillis(200));
            FlowLog log = new FlowLog();
            Forwarder forwarder =
                    Forwarders.builder(Transport.AUTO, rule).listener(log).build();
            try (DatagramSocket client = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1")) {
                UdpForwardingTest.ask(client, new byte[1]);

                forwarder.close(LONG);

                assertEquals(List.of("dns opened vm", "dns closed vm 1 1 IDLE"), log.lines());
            }
        }
    }

    @Test
    void meanwhileUdpFlowsGoOnAndNoNewOneBegins() throws Exception {
        try (UdpVm vm = UdpVm.echo("vm", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("dns", vm.backend());
            Forwarder forwarder = Forwarders.builder(
                            Transport.AUTO,
                            LoadBalancingRule.of("dns", UDP, pool),
                            LoadBalancingRule.of("tcp", TCP, pool))
                    .build();
            InetSocketAddress place = forwarder.boundAddress("tcp");
            try (DatagramSocket client = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1");
                    DatagramSocket late = Forwarders.connectUdp(forwarder, "dns", "127.0.0.1")) {
                UdpForwardingTest.ask(client, new byte[1]);
                Thread closing = new Thread(() -> forwarder.close(LONG));
                closing.start();
                Await.until("the second rule is stopped, so the first is, too", () -> isRefused(place));

                late.send(new DatagramPacket(new byte[1], 1));
                UdpForwardingTest.ask(client, new byte[1]); // comes after the other at the same socket

                assertEquals(2, vm.received());
                closing.interrupt();
                closing.join();
            }
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
            Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule).build();
            connectAll(forwarder, 1);
            Thread closing = new Thread(() -> forwarder.close(LONG));
            closing.start();

            closing.interrupt();
            closing.join();

            assertThrows(
                    SocketException.class, () -> clients.get(0).getInputStream().read());
        }
    }

    @Test
    void aNegativeDrainIsRefused() throws IOException {
        Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("nobody"));
        try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, rule).build()) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> forwarder.close(Duration.ofMillis(-1)));

            assertEquals("drain: PT-0.001S (expected: >= 0 and <= 365 days)", refused.getMessage());
        }
    }
}
