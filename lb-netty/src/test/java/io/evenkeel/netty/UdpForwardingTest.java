package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static io.evenkeel.netty.Forwarders.openUdp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.InboundNatRule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.WhenNoneHealthy;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** How datagrams travel. */
class UdpForwardingTest {
    private static final String CLIENT = "127.0.0.1";
    private static final int MAX_PAYLOAD = 65_507;

    private final FlowLog log = new FlowLog();

    @Tag("main-job")
    @DisplayName("5 a connected UDP client gets its echo, and 1,000 datagrams of 0 to 65,507 bytes come back exact")
    @ParameterizedTest
    @TransportsHere
    void datagramsOfEachLengthComeBackExact(Transport transport) throws IOException {
        Random random = new Random(5);
        byte[] bytes = new byte[MAX_PAYLOAD];
        random.nextBytes(bytes);
        int[] edges = {0, 1, 0, 0, 1472, 1473, 65_506, MAX_PAYLOAD, 0};
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, poolOf(vm)));
                DatagramSocket connected = connectUdp(forwarder, "dns", CLIENT);
                DatagramSocket client = openUdp(CLIENT)) {
            // The system gives a connected socket only what comes from the address it sends to.
            assertEquals("hello", text(ask(connected, "hello".getBytes(StandardCharsets.US_ASCII))));
            for (int i = 0; i < 1000; i++) {
                int length = i < edges.length ? edges[i] : random.nextInt(MAX_PAYLOAD + 1);
                bytes[0] = (byte) i;
                byte[] sent = Arrays.copyOf(bytes, length);

                // From a socket that is not connected, since the JDK sends no empty datagram from one that is.
                client.send(new DatagramPacket(sent, length, forwarder.boundAddress("dns")));
                assertArrayEquals(sent, receive(client), "datagram " + i + " of " + length + " bytes");
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void emptyDatagramsAmongOthersAreNeitherLostNorRepeated(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, poolOf(vm)));
                DatagramSocket client = openUdp(CLIENT)) {
            List<Integer> lengths = new ArrayList<>();
            for (int round = 0; round < 50; round++) {
                for (int length : new int[] {0, 10, 20, 0, 30}) {
                    client.send(new DatagramPacket(new byte[length], length, forwarder.boundAddress("dns")));
                }
                for (int i = 0; i < 5; i++) {
                    lengths.add(receive(client).length);
                }
            }

            assertEquals(100, lengths.stream().filter(n -> n == 0).count());
            assertEquals(250, vm.received());
        }
    }

    @ParameterizedTest
    @TransportsHere
    void eachClientGetsItsOwnRepliesOnly(Transport transport) throws IOException {
        try (UdpVm vm1 = UdpVm.echo("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.echo("vm2", "127.0.0.12");
                Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, poolOf(vm1, vm2)))) {
            List<DatagramSocket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 200; i++) {
                    clients.add(connectUdp(forwarder, "dns", CLIENT));
                    clients.get(i).send(packet("client " + i));
                }
                for (int i = 0; i < 200; i++) {
                    assertEquals("client " + i, text(receive(clients.get(i))));
                }
            } finally {
                clients.forEach(DatagramSocket::close);
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void anIdleFlowEndsAndAnAnswerMakesItASuccess(Transport transport) throws IOException {
        try (UdpVm answers = UdpVm.echo("vm1", "127.0.0.11");
                UdpVm silent = UdpVm.silent("vm2", "127.0.0.12")) {
            BackendPool good = poolOf(answers);
            BackendPool mute = poolOf(silent);
            Duration idle = Duration.ofMillis(200);
            try (Forwarder forwarder = start(
                            transport,
                            LoadBalancingRule.of("good", UDP, good).withIdleTimeout(idle),
                            LoadBalancingRule.of("mute", UDP, mute).withIdleTimeout(idle));
                    DatagramSocket toGood = connectUdp(forwarder, "good", CLIENT);
                    DatagramSocket toMute = connectUdp(forwarder, "mute", CLIENT)) {
                ask(toGood, new byte[7]);
                toMute.send(packet("anybody?"));

                log.awaitLine("good closed vm1 7 7 IDLE");
                log.awaitLine("mute closed vm2 8 0 IDLE");
                assertEquals(1, load(good, 0).successes());
                assertEquals(1, load(mute, 0).cancellations());
                assertEquals(0, load(good, 0).inFlight() + load(mute, 0).inFlight());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void inPanicAFlowStaysOnItsMemberAlthoughThatIsNotWell(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.naming("vm1", "127.0.0.11")) {
            BackendPool pool = BackendPool.builder("vms")
                    .backends(List.of(vm.backend()))
                    .whenNoneHealthy(WhenNoneHealthy.TRY_ALL)
                    .build();
            pool.markDown("vm1", "for the test");
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, pool));
                    DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                for (int i = 0; i < 5; i++) {
                    assertEquals("vm1", text(ask(client, new byte[1])));
                }

                assertEquals(1, pool.snapshot().members().get(0).load().picks());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aFlowMovesWhenItsMemberGoesDownOrLeaves(Transport transport) throws IOException {
        try (UdpVm vm1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = poolOf(vm1, vm2);
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, pool));
                    DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                String first = text(ask(client, new byte[1]));
                String other = first.equals("vm1") ? "vm2" : "vm1";
                assertEquals(first, text(ask(client, new byte[1])));

                pool.markDown(first, "for the test");
                assertEquals(other, text(ask(client, new byte[1])));
                log.awaitLine("dns closed " + first + " 2 6 MOVED");

                pool.markUp(first, "for the test");
                assertEquals(other, text(ask(client, new byte[1])), "a flow whose member is well stays");

                pool.remove(other);
                assertEquals(first, text(ask(client, new byte[1])));

                pool.remove(first);
                client.send(packet("nobody left"));
                assertTrue(log.awaitRefusal().contains("it is empty"), log.awaitRefusal());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aPortWhereNobodyListensIsAFailureAndTheNextDatagramFindsAnotherFlow(Transport transport) throws IOException {
        BackendPool pool = BackendPool.of("p", Backend.of("dead", "127.0.0.11", Forwarders.unusedPort("127.0.0.11")));
        try (Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, pool));
                DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
            client.send(packet("1"));
            log.awaitLine("dns closed dead 1 0 BACKEND_RESET");
            client.send(packet("22"));
            log.awaitLine("dns closed dead 2 0 BACKEND_RESET");

            assertEquals(2, load(pool, 0).failures());
        }
    }

    @ParameterizedTest
    @TransportsHere
    void theTableIsBoundedAndTheLeastRecentlyUsedFlowMakesRoom(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(
                        transport,
                        LoadBalancingRule.of("dns", UDP, poolOf(vm))
                                .withUdp(UdpOptions.defaults().withMaxFlows(2)));
                DatagramSocket a = connectUdp(forwarder, "dns", CLIENT);
                DatagramSocket b = connectUdp(forwarder, "dns", CLIENT);
                DatagramSocket c = connectUdp(forwarder, "dns", CLIENT)) {
            ask(a, new byte[1]);
            ask(b, new byte[2]);
            ask(a, new byte[1]);
            ask(c, new byte[3]);

            log.awaitLine("dns closed vm1 2 2 EVICTED");
            assertEquals(
                    1, log.lines().stream().filter(l -> l.contains("closed")).count());
            assertArrayEquals(new byte[2], ask(b, new byte[2]), "who was evicted comes back");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aNatRuleForDatagramsStaysWithItsBackend(Transport transport) throws IOException {
        try (UdpVm vm1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.naming("vm2", "127.0.0.12")) {
            BackendPool pool = poolOf(vm1, vm2);
            try (Forwarder forwarder = start(transport, InboundNatRule.of("snmp", UDP, pool, "vm2", vm2.port()));
                    DatagramSocket client = connectUdp(forwarder, "snmp", CLIENT)) {
                assertEquals("vm2", text(ask(client, new byte[1])));
                pool.markDown("vm2", "for the test");
                assertEquals("vm2", text(ask(client, new byte[1])));

                pool.remove("vm2");
                client.send(packet("gone"));
                assertEquals("rule \"snmp\": backend \"vm2\" is not in pool \"p\"", log.awaitRefusal());
                assertEquals(0, vm1.received());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void datagramsWaitWhileABackendGivenByNameIsLookedUp(Transport transport) throws IOException {
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.1")) {
            BackendPool pool = BackendPool.of("p", Backend.of("named", "localhost", vm.port()));
            try (Forwarder forwarder = start(transport, LoadBalancingRule.of("dns", UDP, pool));
                    DatagramSocket client = connectUdp(forwarder, "dns", CLIENT)) {
                for (int i = 0; i < 10; i++) {
                    client.send(packet("number " + i));
                }
                for (int i = 0; i < 10; i++) {
                    assertEquals("number " + i, text(receive(client)));
                }
            }
            Await.until("one flow in all", () -> load(pool, 0).picks() == 1);
        }
    }

    private Forwarder start(Transport transport, Rule... rules) throws IOException {
        return Forwarders.builder(transport, rules).listener(log).build();
    }

    private static BackendPool poolOf(UdpVm... vms) {
        return BackendPool.of("p", Arrays.stream(vms).map(UdpVm::backend).toArray(Backend[]::new));
    }

    private static LoadStats load(BackendPool pool, int member) {
        return pool.snapshot().members().get(member).load();
    }

    private static DatagramPacket packet(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new DatagramPacket(bytes, bytes.length);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    static byte[] ask(DatagramSocket client, byte[] question) throws IOException {
        client.send(new DatagramPacket(question, question.length));
        return receive(client);
    }

    private static byte[] receive(DatagramSocket client) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[MAX_PAYLOAD + 1], MAX_PAYLOAD + 1);
        client.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }
}
