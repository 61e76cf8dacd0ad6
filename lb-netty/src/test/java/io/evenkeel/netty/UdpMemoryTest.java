package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.UDP;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What flows cost that are there and do nothing. */
@Tag("netty")
class UdpMemoryTest {
    private static final int FLOWS = 4_000;

    /** Measured with epoll: 487 to 490, with what else the process does meanwhile; a table that doubles is some 10 of them. */
    private static final double MOST_BYTES = 512;

    @Test
    @DisplayName("4. S6: an idle flow of a source of its own takes no more than 512 bytes of heap")
    void anIdleFlowTakesLittleHeap() throws IOException {
        AtomicInteger ended = new AtomicInteger();
        try (UdpVm vm = UdpVm.echo("vm1", "127.0.0.11");
                Forwarder forwarder = Forwarders.builder(
                                Transport.AUTO,
                                LoadBalancingRule.of("dns", UDP, BackendPool.of("p", vm.backend()))
                                        .withIdleTimeout(Duration.ofHours(1)))
                        .listener(new FlowListener() {
                            @Override
                            public void flowClosed(
                                    Rule rule,
                                    InetSocketAddress client,
                                    Backend backend,
                                    long fromClient,
                                    long fromBackend,
                                    FlowEnd end) {
                                ended.incrementAndGet();
                            }
                        })
                        .build()) {
            open(forwarder, 200, 1_000); // loads classes, and makes what is shared
            long before = heapInUse();

            open(forwarder, 0, FLOWS);
            double each = (double) (heapInUse() - before) / FLOWS;

            assertTrue(ended.get() == 0, "flows that ended: " + ended);
            assertTrue(each <= MOST_BYTES, "bytes a flow: " + each);
        }
    }

    private static void open(Forwarder forwarder, int net, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String source = "127." + (2 + net) + "." + i / 250 + "." + (1 + i % 250);
            try (DatagramSocket client = Forwarders.connectUdp(forwarder, "dns", source)) {
                UdpForwardingTest.ask(client, new byte[1]);
            }
        }
    }

    /** After a full collection: the least of some, since what was freed may be found to be free only by the next. */
    private static long heapInUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
