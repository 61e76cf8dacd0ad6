package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static io.evenkeel.netty.TcpRoutingTest.nameBehind;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Resets that meet the end of the other direction. */
@Tag("netty")
class TcpResetTest {
    private final FlowLog log = new FlowLog();

    @ParameterizedTest
    @TransportsHere
    void whatABackendSaidBeforeItsResetIsDeliveredAlsoIfTheClientEndedJustBefore(Transport transport) throws Exception {
        byte[] answer = new byte[20_000];
        new Random(1).nextBytes(answer);
        CountDownLatch clientEnded = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        TcpVm.Service breaksOff = socket -> {
            Await.until("the client has ended", () -> clientEnded.getCount() == 0);
            socket.getOutputStream().write(answer);
            TcpVm.reset(socket);
            reset.countDown();
        };
        HeldLoop held = new HeldLoop();
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", breaksOff);
                Forwarder forwarder = Forwarders.builder(transport, rule(vm))
                        .threads(1) // which hears of both at once: of the end first, and then of the reset
                        .listener(held)
                        .listener(log)
                        .build();
                Socket client = connect(forwarder, "web")) {
            held.awaitHeld();
            client.shutdownOutput();
            clientEnded.countDown();
            reset.await();
            held.release();

            assertArrayEquals(answer, client.getInputStream().readNBytes(answer.length));
            assertThrows(SocketException.class, () -> client.getInputStream().read());
            log.awaitLine("web closed vm 0 20000 BACKEND_RESET");
        }
    }

    /** NIO tells nothing of a socket that is not read. */
    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    void aResetOfAClientThatHadEndedItsHalfIsNoticed(Transport transport) throws Exception {
        CountDownLatch gotEnd = new CountDownLatch(1);
        TcpVm.Service thinks = socket -> {
            TcpVm.drain(socket.getInputStream());
            gotEnd.countDown();
            Await.until("it is closed", socket::isClosed);
        };
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", thinks);
                Forwarder forwarder = start(transport, vm)) {
            Socket client = connect(forwarder, "web");
            client.getOutputStream().write(1);
            client.shutdownOutput();
            gotEnd.await();

            TcpVm.reset(client);

            log.awaitLine("web closed vm 1 0 CLIENT_RESET");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aWholeAnswerIsDeliveredAlthoughTheBackendIsResetBehindIt(Transport transport) throws Exception {
        byte[] answer = new byte[100_000];
        new Random(2).nextBytes(answer);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch isRead = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        TcpVm.Service breaksOff = socket -> {
            socket.getOutputStream().write(answer);
            socket.shutdownOutput();
            ended.countDown();
            Await.until("the end is read", () -> isRead.getCount() == 0);
            TcpVm.reset(socket);
            reset.countDown();
        };
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", breaksOff);
                TcpVm other = TcpVm.naming("other", "127.0.0.12");
                Forwarder forwarder = Forwarders.builder(
                                transport,
                                rule(vm),
                                LoadBalancingRule.of("other", TCP, BackendPool.of("other", other.backend())))
                        .threads(1) // so that whoever is served later has all that came before handled
                        .build();
                Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.setSoTimeout(20_000);
            client.connect(forwarder.boundAddress("web"));
            ended.await();
            assertEquals("other", nameBehind(forwarder, "other"));
            isRead.countDown();
            reset.await();
            assertEquals("other", nameBehind(forwarder, "other"));

            assertArrayEquals(answer, client.getInputStream().readAllBytes());
        }
    }

    @ParameterizedTest
    @TransportsHere
    void anIdleConnectionNeverEndsCleanlyWithinWhatItHasToDeliver(Transport transport) throws IOException {
        TcpVm.Service firehose = socket -> {
            byte[] chunk = new byte[64 << 10];
            for (int i = 0; i < 1024; i++) {
                socket.getOutputStream().write(chunk);
            }
        };
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", firehose);
                Forwarder forwarder = Forwarders.builder(
                                transport,
                                rule(vm).withIdleTimeout(Duration.ofSeconds(2))
                                        .withTcp(TcpOptions.defaults().withResetOnIdle(false)))
                        .listener(log)
                        .build();
                Socket client = connect(forwarder, "web")) {
            Await.until("the flow is over", () -> log.lines().stream().anyMatch(line -> line.contains("closed vm 0")));

            assertThrows(SocketException.class, () -> TcpVm.drain(client.getInputStream()));
        }
    }

    private Forwarder start(Transport transport, TcpVm vm) throws IOException {
        return Forwarders.builder(transport, rule(vm)).listener(log).build();
    }

    private static LoadBalancingRule rule(TcpVm vm) {
        return LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
    }
}
