package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.SessionPersistence;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Who gets which flow. */
class DistributionTest {

    @Tag("main-job")
    @DisplayName("2 all three VMs are seen within 30 connections of one client, or one VM only with the 2-tuple")
    @ParameterizedTest
    @TransportsHere
    void allAreSeenByDefaultAndOneWithTheTwoTuple(Transport transport) throws IOException {
        try (TcpVm tcp1 = TcpVm.naming("vm1", "127.0.0.11");
                TcpVm tcp2 = TcpVm.naming("vm2", "127.0.0.12");
                TcpVm tcp3 = TcpVm.naming("vm3", "127.0.0.13");
                UdpVm udp1 = UdpVm.naming("vm1", "127.0.0.11");
                UdpVm udp2 = UdpVm.naming("vm2", "127.0.0.12");
                UdpVm udp3 = UdpVm.naming("vm3", "127.0.0.13")) {
            BackendPool tcp = BackendPool.of("tcp", tcp1.backend(), tcp2.backend(), tcp3.backend());
            BackendPool udp = BackendPool.of("udp", udp1.backend(), udp2.backend(), udp3.backend());
            try (Forwarder forwarder = Forwarders.builder(
                            transport,
                            LoadBalancingRule.of("each", TCP, tcp),
                            LoadBalancingRule.of("sticky", TCP, tcp)
                                    .withSessionPersistence(SessionPersistence.CLIENT_IP),
                            LoadBalancingRule.of("stickyUdp", UDP, udp)
                                    .withSessionPersistence(SessionPersistence.CLIENT_IP))
                    .hashSecret(new HashSecret(1, 2))
                    .build()) {
                // The key hashes the client's port, which is as good as random: one VM is missed by 30 connections with
                // a
                // chance of 3 * (2/3)^30, 1.6 in 100,000.
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 30; i++) {
                    seen.add(nameOver(forwarder, "each", "127.0.1.1"));
                }
                assertEquals(Set.of("vm1", "vm2", "vm3"), seen);

                Set<String> ofAllClients = new HashSet<>();
                for (int host = 1; host <= 20; host++) {
                    String ip = "127.0.1." + host;
                    Set<String> ofOneClient = new HashSet<>();
                    for (int i = 0; i < 5; i++) {
                        ofOneClient.add(nameOver(forwarder, "sticky", ip));
                        ofOneClient.add(nameOverUdp(forwarder, "stickyUdp", ip));
                    }
                    assertEquals(1, ofOneClient.size(), ip + " saw " + ofOneClient);
                    ofAllClients.addAll(ofOneClient);
                }
                assertTrue(ofAllClients.size() > 1, "clients are spread");
            }
        }
    }

    @Test
    @Tag("netty")
    @DisplayName("2. forwarders with one hash secret send a client to the same backend, without a word between them")
    void forwardersWithOneSecretAgree() throws IOException {
        try (TcpVm vm1 = TcpVm.naming("vm1", "127.0.0.11");
                TcpVm vm2 = TcpVm.naming("vm2", "127.0.0.12");
                TcpVm vm3 = TcpVm.naming("vm3", "127.0.0.13")) {
            BackendPool one = BackendPool.of("web", vm1.backend(), vm2.backend(), vm3.backend());
            BackendPool other = BackendPool.of("web", vm3.backend(), vm1.backend(), vm2.backend());
            try (Forwarder first = startSticky(one, new HashSecret(3, 4));
                    Forwarder second = startSticky(other, new HashSecret(3, 4))) {
                Set<String> seen = new HashSet<>();
                for (int host = 1; host <= 30; host++) {
                    String ip = "127.0.1." + host;
                    String name = nameOver(first, "web", ip);
                    assertEquals(name, nameOver(second, "web", ip), ip);
                    seen.add(name);
                }
                assertTrue(seen.size() > 1, "they could only agree on " + seen);
            }
        }
    }

    private static Forwarder startSticky(BackendPool pool, HashSecret secret) throws IOException {
        return Forwarder.builder()
                .rules(LoadBalancingRule.of("web", TCP, pool).withSessionPersistence(SessionPersistence.CLIENT_IP))
                .hashSecret(secret)
                .build();
    }

    private static String nameOver(Forwarder forwarder, String rule, String ip) throws IOException {
        try (Socket client = Forwarders.connect(forwarder, rule, ip)) {
            client.shutdownOutput();
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String nameOverUdp(Forwarder forwarder, String rule, String ip) throws IOException {
        try (DatagramSocket client = connectUdp(forwarder, rule, ip)) {
            return new String(UdpForwardingTest.ask(client, new byte[1]), StandardCharsets.US_ASCII);
        }
    }
}
