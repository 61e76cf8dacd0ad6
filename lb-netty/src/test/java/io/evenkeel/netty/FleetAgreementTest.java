package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.affinity.HashSecret;
import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Forwarders that stand in for one another, such as behind one address that moves. */
class FleetAgreementTest {
    private static final HashSecret SECRET = new HashSecret(9, 10);
    private static final int FLOWS = 2_000;

    private static Forwarder start(Frontend frontend, BackendPool pool) throws IOException {
        return Forwarders.builder(Transport.NIO, LoadBalancingRule.of("dns", frontend, pool))
                .hashSecret(SECRET)
                .build();
    }

    private static List<String> answersTo(List<DatagramSocket> clients) throws IOException {
        List<String> answers = new ArrayList<>();
        for (DatagramSocket client : clients) {
            answers.add(new String(UdpForwardingTest.ask(client, new byte[1]), StandardCharsets.US_ASCII));
        }
        return answers;
    }

    @Test
    @Tag("membership")
    @DisplayName("6. a forwarder that takes the place of another sends 2,000 flows where that one sent them")
    void aForwarderTakesThePlaceOfAnother() throws IOException {
        List<UdpVm> vms = new ArrayList<>();
        List<Backend> backends = new ArrayList<>();
        List<DatagramSocket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                vms.add(UdpVm.naming("vm" + i, "127.0.0." + (11 + i)));
                backends.add(vms.get(i).backend());
            }
            BackendPool one = BackendPool.of("one", backends.get(0), backends.get(1), backends.get(2), backends.get(3));
            one.remove("vm1");
            one.add(backends.get(4));
            BackendPool other = BackendPool.of("other", backends.get(3), backends.get(4), backends.get(1));
            other.add(backends.get(2), backends.get(0));
            other.remove("vm1");
            Frontend same;
            List<String> before;
            try (Forwarder first = start(Forwarders.UDP, one)) {
                for (int i = 0; i < FLOWS; i++) {
                    String from = "127.2." + i / 250 + "." + (1 + i % 250);
                    clients.add(Forwarders.connectUdp(first, "dns", from));
                }
                before = answersTo(clients);
                same = Frontend.udp(Forwarders.FRONT, first.boundAddress("dns").getPort());
            }

            List<String> after;
            try (Forwarder second = start(same, other)) {
                after = answersTo(clients);
            }

            assertEquals(before, after);
            assertEquals(4, new HashSet<>(before).size());
        } finally {
            clients.forEach(DatagramSocket::close);
            vms.forEach(UdpVm::close);
        }
    }
}
