package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.FRONT;
import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.UDP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.backend.Backend;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Event loops that are held up, and those that have ended. */
@Tag("netty")
class EventLoopsTest {
    @Test
    void anUpdateDoesNotWaitForEverForALoopThatAListenerHoldsUp() throws Exception {
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        FlowListener holds = new FlowListener() {
            @Override
            public void flowOpened(Rule rule, InetSocketAddress client, Backend backend) {
                isHeld.countDown();
                Await.until("released", () -> release.getCount() == 0);
            }
        };
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11")) {
            Rule web = LoadBalancingRule.of("web", TCP, BackendPool.of("a", vm.backend()));
            Rule dns = LoadBalancingRule.of("dns", UDP, BackendPool.of("nobody"));
            try (Forwarder forwarder = Forwarder.builder()
                            .threads(1)
                            .rules(web)
                            .listener(holds)
                            .build();
                    Socket client = connect(forwarder, "web")) {
                isHeld.await();
                Await.until("the VM has its socket", () -> vm.accepted() == 1);
                long before = ForwarderTest.openSockets();

                IOException late = assertThrows(IOException.class, () -> forwarder.update(web, dns));

                assertEquals(
                        "rule \"dns\": cannot listen on udp " + FRONT + ":0: an event loop does not answer",
                        late.getMessage());
                assertEquals(before, ForwarderTest.openSockets());
                assertEquals(List.of(web), forwarder.rules());
                release.countDown();
                forwarder.update(web, dns);
                client.getOutputStream().write(1);
                assertEquals(1, client.getInputStream().read());
            }
        }
    }

    @ParameterizedTest
    @TransportsHere
    void whatCannotListenSinceTheLoopsHaveEndedLeavesNoSocketOpen(Transport transport) {
        EventLoops loops = new EventLoops(transport, 2);
        loops.close();
        Await.until("loops have ended", () -> loops.group().isTerminated());
        long before = ForwarderTest.openSockets();

        assertThrows(
                RejectedExecutionException.class,
                () -> TcpListener.open(loops, new InetSocketAddress(FRONT, 0), true, new Nobody()));

        assertTrue(ForwarderTest.openSockets() <= before, () -> ForwarderTest.openSockets() + " > " + before);
    }

    @ParameterizedTest
    @TransportsHere
    void aConnectionThatALoopTakesAsItEndsIsClosed(Transport transport) throws Exception {
        long before = ForwarderTest.openSockets();
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.11"))) {
            EventLoops loops = new EventLoops(transport, 1);
            IoEventLoop loop = loops.all().get(0);
            CompletableFuture<Void> taken = new CompletableFuture<>();
            loop.execute(() -> {
                loops.group().shutdownGracefully(0, 5, TimeUnit.SECONDS);
                try {
                    InetSocketAddress address = (InetSocketAddress) listening.getLocalSocketAddress();
                    TcpSocket socket = transport.connectingSocket(address);
                    socket.connect(address);
                    socket.register(loop, (isReadable, isWritable, isEnding) -> {});
                    taken.complete(null);
                } catch (IOException e) {
                    taken.completeExceptionally(e);
                }
            });

            taken.get();
            loops.close();
        }
        Await.until("no socket is open that was not before", () -> ForwarderTest.openSockets() <= before);
    }

    private static final class Nobody implements TcpListener.Acceptor {
        @Override
        public void accept(IoEventLoop loop, TcpSocket socket, InetSocketAddress local) {
            socket.reset();
        }

        @Override
        public void failed(IOException cause) {
            throw new AssertionError(cause);
        }
    }
}
