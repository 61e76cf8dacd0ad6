package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** Urgent data (RFC 6093) gets lost, as it does with any socket that is not told to keep it, and nothing else. */
@Tag("netty")
class UrgentDataTest {
    @ParameterizedTest
    @TransportsHere
    void whatComesBehindUrgentDataArrives(Transport transport) throws IOException {
        HeldLoop held = new HeldLoop();
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                Forwarder forwarder = Forwarders.builder(transport, rule(vm))
                        .threads(1)
                        .listener(held)
                        .build();
                Socket client = connect(forwarder, "web")) {
            held.awaitHeld();
            client.getOutputStream().write("before".getBytes(US_ASCII));
            client.sendUrgentData('!');
            client.getOutputStream().write("behind".getBytes(US_ASCII));
            held.release();

            assertEquals("beforebehind", new String(client.getInputStream().readNBytes(12), US_ASCII));
        }
    }

    @ParameterizedTest
    @TransportsHere
    void itDoesNotStopAStream(Transport transport) throws IOException {
        byte[] half = new byte[32 << 20];
        AtomicLong received = new AtomicLong();
        TcpVm.Service counts = socket -> {
            byte[] data = new byte[64 << 10];
            for (int n = socket.getInputStream().read(data);
                    n >= 0;
                    n = socket.getInputStream().read(data)) {
                received.addAndGet(n);
            }
        };
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", counts);
                Forwarder forwarder = Forwarders.builder(transport, rule(vm)).build();
                Socket client = connect(forwarder, "web")) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    OutputStream out = client.getOutputStream();
                    out.write(half);
                    client.sendUrgentData('!');
                    out.write(half);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            Await.until("all has arrived", Duration.ofMinutes(1), () -> received.get() == 2L * half.length);
            sent.join();
        }
    }

    private static LoadBalancingRule rule(TcpVm vm) {
        return LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()));
    }
}
