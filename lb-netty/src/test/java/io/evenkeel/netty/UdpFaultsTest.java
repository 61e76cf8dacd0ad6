package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static io.evenkeel.netty.Forwarders.openUdp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeLog;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What becomes of UDP flows when backends die, and when somebody else interferes. */
@Tag("netty")
class UdpFaultsTest {
    private static final String CLIENT = "127.0.0.1";

    private final FlowLog log = new FlowLog();

    @DisplayName("4. F26: where nobody listens, the flow ends, the next datagram asks again, and the probe is hinted")
    @ParameterizedTest
    @TransportsHere
    void whereNobodyListensTheProbeIsHintedAndTheFlowMoves(Transport transport) throws IOException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        // Only the hint can find out: without it, the second probe is due within an hour.
        ProbeSchedule hourly =
                ProbeSchedule.defaults().withInterval(Duration.ofHours(1)).withUnhealthyThreshold(1);
        try (UdpVm vm1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("p", vm1.backend(), vm2.backend());
            byte[] any = {};
            try (HealthMonitor monitor = HealthMonitor.start(
                            pool,
                            HealthProbe.udp("ping".getBytes(StandardCharsets.US_ASCII), any),
                            hourly,
                            clock,
                            new SplittableRandom(1),
                            System::nanoTime);
                    Forwarder forwarder = Forwarders.builder(transport, LoadBalancingRule.of("dns", UDP, pool))
                            .listener(log)
                            .build()) {
                Forwarders.awaitSelectable(2, pool);
                try (DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                    client.setSoTimeout(50);
                    String first = askUntilAnswered(client); // a pool shows a change before balancers follow it
                    UdpVm dead = first.equals("vm1") ? vm1 : vm2;

                    dead.close();
                    String now = first;
                    for (int i = 0; i < 400 && now.equals(first); i++) {
                        now = askOrGiveUp(client, first);
                    }

                    assertNotEquals(first, now);
                    assertTrue(
                            log.lines().stream()
                                    .anyMatch(l -> l.startsWith("dns closed " + first) && l.endsWith("BACKEND_RESET")),
                            log.lines().toString());
                    Await.until(
                            "its probe knows",
                            () -> pool.snapshot().selectable().size() == 1);
                    assertTrue(monitor.log().size() > 2, "there was a third probe");
                }
            }
        } finally {
            clock.shutdownNow();
        }
    }

    @DisplayName("4. F26: a datagram from another port of the backend does not reach the client")
    @ParameterizedTest
    @TransportsHere
    void aDatagramFromAnotherPortOfTheBackendIsDropped(Transport transport) throws IOException {
        try (DatagramSocket backend = new DatagramSocket(0, InetAddress.getByName("127.0.0.11"));
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getByName("127.0.0.11"));
                Forwarder forwarder = Forwarders.builder(
                                transport,
                                LoadBalancingRule.of(
                                        "dns",
                                        UDP,
                                        BackendPool.of("p", Backend.of("vm1", "127.0.0.11", backend.getLocalPort()))))
                        .build();
                DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
            backend.setSoTimeout(20_000);
            DatagramPacket asked = new DatagramPacket(new byte[10], 10);
            client.send(new DatagramPacket(new byte[1], 1));
            backend.receive(asked);

            // The stranger is first, so that the client would have its datagram first.
            stranger.send(new DatagramPacket(new byte[] {66}, 1, asked.getSocketAddress()));
            backend.send(new DatagramPacket(new byte[] {42}, 1, asked.getSocketAddress()));

            DatagramPacket answer = new DatagramPacket(new byte[10], 10);
            client.receive(answer);
            assertEquals(42, answer.getData()[0]);
            assertEquals(forwarder.boundAddress("dns"), answer.getSocketAddress());
        }
    }

    @Test
    @DisplayName("4. F27: with one of two backends dead, only what is sent until the probe finds out is lost")
    void withOneOfTwoBackendsDeadNoMoreIsLostThanUntilItIsFound() throws IOException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        // Out after 1.5 s: on a busy machine, a good member must not be taken for a dead one.
        ProbeSchedule schedule =
                ProbeSchedule.defaults().withInterval(Duration.ofMillis(500)).withUnhealthyThreshold(3);
        try (UdpVm vm1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = BackendPool.of("p", vm1.backend(), vm2.backend());
            try (HealthMonitor monitor = HealthMonitor.start(
                            pool,
                            HealthProbe.udp("ping".getBytes(StandardCharsets.US_ASCII), new byte[0]),
                            schedule,
                            clock,
                            new SplittableRandom(1),
                            System::nanoTime);
                    Forwarder forwarder = Forwarders.builder(Transport.AUTO, LoadBalancingRule.of("dns", UDP, pool))
                            .listener(log)
                            .build()) {
                Forwarders.awaitSelectable(2, pool);
                List<DatagramSocket> clients = new ArrayList<>();
                try {
                    for (int i = 0; i < 40; i++) {
                        clients.add(connectUdp(forwarder, "dns", CLIENT));
                    }
                    List<DatagramSocket> ofFirst = new ArrayList<>();
                    for (DatagramSocket client : clients) {
                        if (text(UdpForwardingTest.ask(client, new byte[1])).equals("vm1")) {
                            ofFirst.add(client);
                        }
                    }
                    assertTrue(!ofFirst.isEmpty() && ofFirst.size() < 40, "both have flows: " + ofFirst.size());

                    vm1.mute();
                    Forwarders.awaitSelectable(1, pool);
                    assertEquals(
                            "vm2", pool.snapshot().selectable().get(0).backend().id());

                    // From the verdict on, nothing is lost: each asks once, and each is answered by the other.
                    for (DatagramSocket client : clients) {
                        assertEquals("vm2", text(UdpForwardingTest.ask(client, new byte[1])));
                    }
                    assertEquals(
                            ofFirst.size(),
                            log.lines().stream()
                                    .filter(l -> l.endsWith("MOVED"))
                                    .count());
                    assertTrue(monitor.log().stream().anyMatch(entry -> entry.event() == ProbeLog.Event.DOWN));
                } finally {
                    clients.forEach(DatagramSocket::close);
                }
            }
        } finally {
            clock.shutdownNow();
        }
    }

    @Test
    @DisplayName("4. F17: with no backend UDP flows end, and the first datagram after one is back is answered")
    void withNoBackendFlowsEndAndTheFirstDatagramAfterOneIsBackIsAnswered() throws IOException {
        try (UdpVm vm = UdpVm.naming("vm1", "127.0.0.11")) {
            BackendPool pool = BackendPool.of("p", vm.backend());
            try (Forwarder forwarder = Forwarders.builder(Transport.AUTO, LoadBalancingRule.of("dns", UDP, pool))
                            .listener(log)
                            .build();
                    DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                assertEquals("vm1", text(UdpForwardingTest.ask(client, new byte[1])));

                pool.markDown("vm1", "for the test");
                client.send(new DatagramPacket(new byte[1], 1));
                log.awaitRefusal();
                assertTrue(
                        log.lines().contains("dns closed vm1 1 3 MOVED"),
                        log.lines().toString());
                pool.markUp("vm1", "for the test");

                assertEquals("vm1", text(UdpForwardingTest.ask(client, new byte[1])));
                assertEquals(2, vm.received());
            }
        }
    }

    @DisplayName("1. a flow ends with the last of the responses that are due, and not before")
    @ParameterizedTest
    @TransportsHere
    void aFlowEndsWithTheLastResponseThatIsDue(Transport transport) throws IOException {
        try (DatagramSocket backend = new DatagramSocket(0, InetAddress.getByName("127.0.0.11"))) {
            backend.setSoTimeout(20_000);
            BackendPool pool = BackendPool.of("p", Backend.of("vm1", "127.0.0.11", backend.getLocalPort()));
            LoadBalancingRule rule = LoadBalancingRule.of("dns", UDP, pool)
                    .withUdp(UdpOptions.defaults().withExpectedResponses(1));
            try (Forwarder forwarder =
                            Forwarders.builder(transport, rule).listener(log).build();
                    DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                DatagramPacket asked = new DatagramPacket(new byte[10], 10);
                for (int i = 0; i < 2; i++) {
                    client.send(new DatagramPacket(new byte[1], 1));
                    backend.receive(asked);
                }
                DatagramPacket answer = new DatagramPacket(new byte[] {1, 2, 3}, 3, asked.getSocketAddress());

                backend.send(answer);
                client.receive(new DatagramPacket(new byte[10], 10));
                assertEquals(1, pool.snapshot().members().get(0).load().inFlight());
                backend.send(answer);
                DatagramPacket last = new DatagramPacket(new byte[10], 10);
                client.receive(last);

                assertArrayEquals(new byte[] {1, 2, 3, 0}, Arrays.copyOf(last.getData(), 4));
                log.awaitLine("dns closed vm1 2 6 COMPLETED");
                assertEquals(1, pool.snapshot().members().get(0).load().successes());
            }
        }
    }

    @Test
    @DisplayName("2. S6: when the forwarder is full, a flow of the same rule gives way, and never one of another")
    void whenTheForwarderIsFullAFlowOfTheSameRuleGivesWay() throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                BackendPool pool = BackendPool.of("p", vm.backend());
                Forwarder forwarder = Forwarder.builder()
                        .rules(LoadBalancingRule.of("full", UDP, pool), LoadBalancingRule.of("late", UDP, pool))
                        .maxFlows(2)
                        .threads(1) // each event loop has a table of its own
                        .listener(log)
                        .build();
                DatagramSocket a = openUdp(CLIENT);
                DatagramSocket b = openUdp(CLIENT);
                DatagramSocket c = openUdp(CLIENT)) {
            for (DatagramSocket client : List.of(a, b, a)) {
                client.connect(forwarder.boundAddress("full"));
                UdpForwardingTest.ask(client, new byte[1]);
            }

            a.connect(forwarder.boundAddress("late"));
            a.send(new DatagramPacket(new byte[1], 1));
            assertEquals("rule \"late\": the forwarder has 2 flows, which is the limit", log.awaitRefusal());
            c.connect(forwarder.boundAddress("full"));
            UdpForwardingTest.ask(c, new byte[1]);

            log.awaitLine("full closed vm1 1 1 EVICTED");
        }
    }

    private static String askUntilAnswered(DatagramSocket client) throws IOException {
        String answer = "";
        for (int i = 0; i < 400 && answer.isEmpty(); i++) {
            answer = askOrGiveUp(client, "");
        }
        return answer;
    }

    private static String askOrGiveUp(DatagramSocket client, String otherwise) throws IOException {
        try {
            return text(UdpForwardingTest.ask(client, new byte[1]));
        } catch (SocketTimeoutException lost) {
            return otherwise;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
