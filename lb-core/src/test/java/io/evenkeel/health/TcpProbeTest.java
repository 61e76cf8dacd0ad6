package io.evenkeel.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.testing.FaultServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("health")
class TcpProbeTest implements HealthProbeContract {
    private static final TcpProbe PING = HealthProbe.tcp().withExchange(bytes("PING\r\n"), bytes("+PONG\r\n"));

    private final Asking asking = new Asking();

    @AfterEach
    void close() throws Exception {
        asking.close();
    }

    @Override
    public HealthProbe probe() {
        return PING;
    }

    @Override
    public AutoCloseable well() throws Exception {
        return answering("+PO", "NG\r\n");
    }

    @Override
    public AutoCloseable hanging() throws Exception {
        return FaultServer.start(connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    @Override
    public InetSocketAddress addressOf(AutoCloseable server) {
        return ((FaultServer) server).address();
    }

    @Test
    void anAnswerThatBeginsOtherwiseIsBadAtOnce() throws Exception {
        assertAnswer("answered something else", "-ERR\r\n");
        assertAnswer("answered something else", "+PONk");
        assertAnswer("answered as expected", "+PONG\r\nand more");
        assertAnswer("ended before its answer", "+PONG");
        assertAnswer("ended before its answer", "");
    }

    @Test
    void aBackendThatSpeaksFirstIsOnlyListenedTo() throws Exception {
        HealthProbe banner = HealthProbe.tcp().withExchange(new byte[0], bytes("SSH-2.0"));
        try (FaultServer server =
                FaultServer.start(connection -> connection.getOutputStream().write(bytes("SSH-2.0-x\r\n")))) {
            assertEquals(ProbeResult.good("answered as expected"), asking.ask(banner, server.address()));
        }
    }

    @Test
    void whatWasHandedInMayChangeAfterwards() throws Exception {
        byte[] expected = bytes("+PONG");
        HealthProbe probe = HealthProbe.tcp().withExchange(bytes("PING"), expected);
        expected[0] = '-';

        try (FaultServer server = answering("+PONG")) {
            assertEquals(ProbeResult.good("answered as expected"), asking.ask(probe, server.address()));
        }
    }

    @Test
    void theSourceAddressIsTheOneThatAFirewallLetsIn() throws Exception {
        InetAddress source = InetAddress.getByName("127.0.0.168");
        for (HealthProbe probe : new HealthProbe[] {
            HealthProbe.tcp().withSource(source), HealthProbe.http("/").withSource(source)
        }) {
            CompletableFuture<InetAddress> from = new CompletableFuture<>();
            try (FaultServer server = FaultServer.start(connection -> from.complete(connection.getInetAddress()))) {
                ProbeResult unused = asking.ask(probe, server.address());

                assertEquals(source, from.get(10, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void aSourceAddressThatIsNotOursIsAFailedProbe() throws Exception {
        HealthProbe probe = HealthProbe.tcp().withSource(InetAddress.getByName("192.0.2.1"));
        try (FaultServer server = answering("")) {
            assertEquals(ProbeResult.bad("Cannot assign requested address"), asking.ask(probe, server.address()));
        }
    }

    @Test
    void theExpectedBytesAreCheckedWhenTheProbeIsMade() {
        assertEquals(
                "expect: 0 bytes (expected: 1 to 8192)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> HealthProbe.tcp().withExchange(new byte[0], new byte[0]))
                        .getMessage());
    }

    private void assertAnswer(String reason, String answer) throws Exception {
        try (FaultServer server = answering(answer)) {
            assertEquals(reason, asking.ask(PING, server.address()).reason());
        }
    }

    private static FaultServer answering(String... parts) throws Exception {
        return FaultServer.start(connection -> {
            connection.setTcpNoDelay(true);
            byte[] unused = connection.getInputStream().readNBytes(4);
            for (String part : parts) {
                connection.getOutputStream().write(bytes(part));
            }
            connection.shutdownOutput();
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
