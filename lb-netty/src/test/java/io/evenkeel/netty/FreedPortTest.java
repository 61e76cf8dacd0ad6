package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Others get the port of a front end that was taken away, as soon as the update returns. */
@Tag("netty")
class FreedPortTest {
    private static final int TIMES = 20; // once might go well by chance
    private static final BackendPool NOBODY = BackendPool.of("nobody");
    private static final LoadBalancingRule STAYS = LoadBalancingRule.of("stays", TCP, NOBODY);

    @ParameterizedTest
    @TransportsHere
    void aTcpPortIsFree(Transport transport) throws IOException {
        LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, NOBODY);
        try (Forwarder forwarder = Forwarders.builder(transport, STAYS).build()) {
            for (int i = 0; i < TIMES; i++) {
                forwarder.update(STAYS, rule);
                InetSocketAddress place = forwarder.boundAddress("web");

                forwarder.update(STAYS);

                try (ServerSocket other = new ServerSocket()) {
                    other.setReuseAddress(false);
                    other.bind(place);
                    assertEquals(place.getPort(), other.getLocalPort());
                }
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aUdpPortIsFree(Transport transport) throws IOException {
        LoadBalancingRule rule = LoadBalancingRule.of("dns", UDP, NOBODY);
        try (Forwarder forwarder = Forwarders.builder(transport, STAYS).build()) {
            for (int i = 0; i < TIMES; i++) {
                forwarder.update(STAYS, rule);
                InetSocketAddress place = forwarder.boundAddress("dns");

                forwarder.update(STAYS);

                try (DatagramSocket other = new DatagramSocket(place)) {
                    assertEquals(place.getPort(), other.getLocalPort());
                }
            }
        }
    }
}
