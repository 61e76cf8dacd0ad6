package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Who accepts connections. */
@Tag("netty")
class TcpListenerTest {

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. connections spread over the event loops; each has a listening socket of its own, except with NIO")
    void connectionsSpreadOverTheEventLoops(Transport transport) throws IOException {
        Multiset<String> threads = ConcurrentHashMultiset.create();
        FlowListener notes = new FlowListener() {
            @Override
            public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
                threads.add(Thread.currentThread().getName());
            }
        };
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
            try (Forwarder forwarder =
                    Forwarders.builder(transport, rule).listener(notes).build()) {
                assertEquals(transport == Transport.NIO ? 1 : 2, listeningSockets(forwarder.boundAddress("web")));
                for (int i = 0; i < 200; i++) {
                    try (Socket client = connect(forwarder, "web")) {
                        client.getOutputStream().write(1);
                        assertEquals(1, client.getInputStream().read());
                    }
                }

                // The system goes by a hash with a random seed: 200 tosses of a coin bring less than 50 of a side once
                // in
                // 10^13 (50 is 7 standard deviations from 100).
                assertEquals(2, threads.elementSet().size());
                threads.entrySet().forEach(entry -> assertTrue(entry.getCount() >= 50, threads.toString()));
            }
        }
    }

    /** As the system counts them: state 0A is LISTEN. */
    private static long listeningSockets(InetSocketAddress place) throws IOException {
        String port = String.format(Locale.ROOT, ":%04X ", place.getPort());
        long count = 0;
        for (String table : new String[] {"tcp", "tcp6"}) {
            try (var lines = Files.lines(Path.of("/proc/net", table))) {
                count += lines.filter(line -> line.contains(port) && line.contains(" 0A "))
                        .count();
            }
        }
        return count;
    }

    @ParameterizedTest
    @TransportsHere
    void nothingIsAcceptedBeforeTheStart(Transport transport) throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        TcpListener.Acceptor counts = new TcpListener.Acceptor() {
            @Override
            public void accept(IoEventLoop loop, TcpSocket socket, InetSocketAddress local) {
                accepted.incrementAndGet();
                socket.close();
            }

            @Override
            public void failed(IOException cause) {}
        };
        EventLoops loops = new EventLoops(transport, 2);
        TcpListener listener = TcpListener.open(loops, new InetSocketAddress(Forwarders.FRONT, 0), true, counts);
        try (Socket client = new Socket()) {
            client.connect(listener.address()); // which the system takes
            for (int i = 0; i < 10; i++) { // each loop has looked for events in between
                loops.all().forEach(loop -> EventLoops.runOn(loop, () -> {}));
            }
            assertEquals(0, accepted.get());

            listener.start();

            Await.until("it is accepted", () -> accepted.get() == 1);
        } finally {
            listener.close();
            loops.close();
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F25: a second forwarder at the same port is refused, also where sockets could share it")
    void aSecondForwarderIsRefused(Transport transport) throws IOException {
        BackendPool nobody = BackendPool.of("nobody");
        Rule rule = LoadBalancingRule.of("web", TCP, nobody);
        try (Forwarder first = Forwarders.builder(transport, rule).build()) {
            int port = first.boundAddress("web").getPort();
            Rule same = LoadBalancingRule.of("same", Frontend.tcp(Forwarders.FRONT, port), nobody);

            IOException refused = assertThrows(
                    IOException.class,
                    () -> Forwarders.builder(transport, same).build().close());

            assertTrue(refused.getMessage().contains("Address already in use"), refused.getMessage());
        }
    }
}
