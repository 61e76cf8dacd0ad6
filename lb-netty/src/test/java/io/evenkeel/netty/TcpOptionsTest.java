package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static io.evenkeel.netty.Forwarders.connect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;

/** What a rule may say about its connections. */
@Tag("netty")
class TcpOptionsTest {
    private static final TcpVm.Service SILENT = socket -> TcpVm.drain(socket.getInputStream());

    /** Takes the end of its client's half and keeps its own open, until it is reset or the test ends. */
    private static final TcpVm.Service NEVER_DONE = socket -> {
        TcpVm.drain(socket.getInputStream());
        Await.until("it is closed", socket::isClosed);
    };

    private final FlowLog log = new FlowLog();

    private Forwarder start(Transport transport, TcpVm vm, Duration idle, TcpOptions tcp) throws IOException {
        LoadBalancingRule rule = LoadBalancingRule.of("web", TCP, BackendPool.of("web", vm.backend()))
                .withIdleTimeout(idle)
                .withTcp(tcp);
        return Forwarders.builder(transport, rule).listener(log).build();
    }

    @ParameterizedTest
    @TransportsHere
    void halfAConnectionThatIsSilentIsResetLongBeforeAWholeOne(Transport transport) throws IOException {
        TcpOptions tcp = TcpOptions.defaults().withFinTimeout(Duration.ofMillis(200));
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", NEVER_DONE);
                Forwarder forwarder = start(transport, vm, Duration.ofHours(1), tcp);
                Socket client = connect(forwarder, "web")) {
            client.getOutputStream().write(1);
            client.shutdownOutput();

            assertThrows(SocketException.class, () -> client.getInputStream().read());
            log.awaitLine("web closed vm 1 0 IDLE");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void anIdleConnectionEndsCleanlyIfTheRuleSaysSo(Transport transport) throws IOException {
        TcpOptions tcp = TcpOptions.defaults().withResetOnIdle(false);
        try (TcpVm vm = new TcpVm("vm", "127.0.0.11", SILENT);
                Forwarder forwarder = start(transport, vm, Duration.ofMillis(200), tcp);
                Socket client = connect(forwarder, "web")) {
            assertEquals(-1, client.getInputStream().read());
            log.awaitLine("web closed vm 0 0 IDLE");
        }
    }

    @ParameterizedTest
    @TransportsHere
    void aBusyConnectionEndsWhenItHasLastedLongEnough(Transport transport) throws IOException {
        TcpOptions tcp = TcpOptions.defaults().withMaxDuration(Duration.ofMillis(300));
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                Forwarder forwarder = start(transport, vm, Duration.ofHours(1), tcp);
                Socket client = connect(forwarder, "web")) {
            assertThrows(SocketException.class, () -> {
                for (int i = 0; i < 10_000_000; i++) {
                    client.getOutputStream().write(1);
                    client.getInputStream().read();
                }
            });

            log.awaitLine("web opened vm");
            assertTrue(
                    log.lines().stream().noneMatch(line -> line.contains("COMPLETED")),
                    log.lines().toString());
        }
    }

    @Test
    void theLongestDurationIsShorterByAsMuchAsTheJitterAtMost() {
        TcpOptions tcp =
                TcpOptions.defaults().withMaxDuration(Duration.ofSeconds(100)).withJitter(0.1);
        RandomGenerator random = new Random(1);
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < 10_000; i++) {
            double seconds = TcpFlows.lifetimeNanos(tcp, random) / 1e9;
            least = Math.min(least, seconds);
            most = Math.max(most, seconds);
        }

        // Of 10,000 even draws the least is within 1/1,000 of the range of its end, but for one in 20,000 (e^-10).
        assertEquals(90, least, 0.01);
        assertEquals(100, most, 0.01);
    }

    @Test
    void withoutALongestDurationThereIsNoEnd() {
        assertEquals(Route.FOR_EVER, TcpFlows.lifetimeNanos(TcpOptions.defaults(), new Random(1)));
    }

    @Test
    void badOptionsAreRefusedWithNameValueAndExpectation() {
        TcpOptions tcp = TcpOptions.defaults();

        assertRefused("jitter: 1.2 (expected: >= 0 and < 1)", () -> tcp.withJitter(1.2));
        assertRefused("finTimeout: PT0S (expected: > 0 and <= 365 days)", () -> tcp.withFinTimeout(Duration.ZERO));
        assertRefused(
                "maxDuration: PT-1S (expected: > 0 and <= 365 days)",
                () -> tcp.withMaxDuration(Duration.ofSeconds(-1)));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
