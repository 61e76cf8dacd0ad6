package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connectUdp;
import static io.evenkeel.netty.Forwarders.openUdp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether many clients, and such as are none, harm those who are served. */
@Tag("netty")
class UdpFloodTest {
    private static final int SOURCES = 100_000;
    private static final int WINDOW = 200;

    @Test
    @DisplayName(
            "4. F26: 100,000 source addresses get their own replies and no others', and the table stays at its cap")
    void aHundredThousandSourcesGetTheirOwnRepliesAndTheTableStaysAtItsCap() throws IOException {
        OpenFlows open = new OpenFlows();
        try (UdpVm vm1 = UdpVm.echo("vm1", "127.0.0.11");
                UdpVm vm2 = UdpVm.echo("vm2", "127.0.0.12");
                Forwarder forwarder = start(
                        open,
                        UdpOptions.defaults().withMaxFlows(1_000),
                        BackendPool.of("p", vm1.backend(), vm2.backend()))) {
            DatagramPacket answer = new DatagramPacket(new byte[16], 16);
            List<DatagramSocket> clients = new ArrayList<>();
            for (int first = 0; first < SOURCES; first += WINDOW) {
                for (int id = first; id < first + WINDOW; id++) {
                    DatagramSocket client = connectUdp(forwarder, "dns", source(id));
                    clients.add(client);
                    client.send(datagram(id));
                }
                for (int id = first; id < first + WINDOW; id++) {
                    try (DatagramSocket client = clients.get(id - first)) {
                        client.receive(answer);
                        assertEquals(id, ByteBuffer.wrap(answer.getData()).getInt());
                    }
                }
                clients.clear();
            }

            assertEquals(1_000, open.most.get());
            assertEquals(SOURCES, vm1.received() + vm2.received());
        }
    }

    @Test
    @DisplayName("2. S6: during a flood of senders that are heard once, a client that is served stays on its socket")
    void aClientThatIsServedStaysOnItsSocketDuringAFlood() throws IOException {
        OpenFlows open = new OpenFlows();
        try (DatagramSocket backend = openUdp("127.0.0.11");
                Forwarder forwarder = start(
                        open,
                        UdpOptions.defaults().withMaxFlows(200),
                        BackendPool.of("p", Backend.of("vm1", "127.0.0.11", backend.getLocalPort())));
                DatagramSocket client = connectUdp(forwarder, "dns", "127.0.0.1")) {
            client.send(datagram(-1));
            int port = awaited(backend, -1);
            client.send(datagram(-2));
            assertEquals(port, awaited(backend, -2));

            for (int id = 0; id < 5_000; id++) {
                try (DatagramSocket forged = new DatagramSocket(0, InetAddress.getByName(source(id)))) {
                    forged.send(to(forwarder, datagram(id)));
                }
                awaited(backend, id);
            }
            client.send(datagram(-3));

            assertEquals(port, awaited(backend, -3), "the flow has gone on all the time");
            assertEquals(200, open.most.get());
        }
    }

    @Test
    @DisplayName(
            "2. S6: who has a flow is served at once, while a burst of strangers waits its turn and is served, too")
    void aBurstOfStrangersIsServedInTurn() throws IOException {
        OpenFlows open = new OpenFlows();
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(open, UdpOptions.defaults(), BackendPool.of("p", vm.backend()))) {
            List<DatagramSocket> strangers = new ArrayList<>();
            try {
                for (int id = 0; id < 500; id++) {
                    strangers.add(connectUdp(forwarder, "dns", source(id)));
                }
                for (int id = 0; id < 500; id++) {
                    strangers.get(id).send(datagram(id));
                }
                DatagramPacket answer = new DatagramPacket(new byte[16], 16);
                for (int id = 0; id < 500; id++) {
                    strangers.get(id).receive(answer);
                    assertEquals(id, ByteBuffer.wrap(answer.getData()).getInt());
                }
            } finally {
                strangers.forEach(DatagramSocket::close);
            }
        }
    }

    @Test
    @DisplayName("1. one source has no more flows than it may, and those of others stay")
    void oneSourceHasNoMoreFlowsThanItMay() throws IOException {
        OpenFlows open = new OpenFlows();
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = start(open, new UdpOptions(1_000, 10, 0), BackendPool.of("p", vm.backend()));
                DatagramSocket other = connectUdp(forwarder, "dns", "127.0.0.3")) {
            UdpForwardingTest.ask(other, new byte[1]);
            for (int i = 0; i < 100; i++) {
                try (DatagramSocket client = connectUdp(forwarder, "dns", "127.0.0.2")) {
                    UdpForwardingTest.ask(client, new byte[1]);
                }
            }

            assertEquals(11, open.most.get());
            UdpForwardingTest.ask(other, new byte[1]);
            assertEquals(101, open.opened.get());
        }
    }

    private static Forwarder start(OpenFlows open, UdpOptions options, BackendPool pool) throws IOException {
        return Forwarders.builder(
                        Transport.AUTO,
                        LoadBalancingRule.of("dns", UDP, pool).withUdp(options).withIdleTimeout(Duration.ofMinutes(10)))
                .listener(open)
                .build();
    }

    /** The port that the datagram came from which has this id: of the forwarder's socket for that client. */
    private static int awaited(DatagramSocket backend, int id) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        backend.receive(packet);
        assertEquals(id, ByteBuffer.wrap(packet.getData()).getInt());
        return packet.getPort();
    }

    private static String source(int id) {
        return "127.1." + id / 250 % 250 + "." + (1 + id % 250);
    }

    private static DatagramPacket datagram(int id) {
        return new DatagramPacket(ByteBuffer.allocate(4).putInt(id).array(), 4);
    }

    private static DatagramPacket to(Forwarder forwarder, DatagramPacket packet) {
        InetSocketAddress front = forwarder.boundAddress("dns");
        packet.setSocketAddress(front);
        return packet;
    }

    /** How many flows there are, have been, and were at most. */
    private static final class OpenFlows implements FlowListener {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
            opened.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
        }

        @Override
        public void flowClosed(
                Rule rule, InetSocketAddress client, Backend backend, long fromClient, long fromBackend, FlowEnd end) {
            now.decrementAndGet();
        }
    }
}
