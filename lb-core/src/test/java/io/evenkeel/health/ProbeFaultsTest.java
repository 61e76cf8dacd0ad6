package io.evenkeel.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import io.evenkeel.testing.Descriptors;
import io.evenkeel.testing.FaultServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health pages that misbehave in every way we know of. Certificates are in {@link HttpsProbeTest}. */
@Tag("health")
class ProbeFaultsTest {
    private static final HttpProbe PROBE = HealthProbe.http("/");

    private final Asking asking = new Asking();

    @AfterEach
    void close() throws Exception {
        asking.close();
    }

    @Test
    @DisplayName("3 of all statuses from 100 to 599 only 200 is good")
    void ofAllStatusesOnly200IsGood() throws Exception {
        AtomicInteger status = new AtomicInteger(100);
        try (FaultServer server = FaultServer.start(connection -> send(
                connection,
                "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\nLocation: http://169.254.169.254/\r\n\r\n"))) {
            for (; status.get() < 600; status.incrementAndGet()) {
                assertEquals(
                        new ProbeResult(status.get() == 200, "status " + status), asking.ask(PROBE, server.address()));
            }
            assertEquals(500, server.connections()); // and no redirect came back to us
        }
    }

    @Test
    void otherStatusesAreGoodWhereTheyAreExpected() throws Exception {
        HttpProbe probe = PROBE.withExpectedStatuses(204, 401);

        // No body follows a 204, so that there is nothing to wait for.
        assertEquals(ProbeResult.good("status 204"), ask(probe, "HTTP/1.1 204 No Content\r\n\r\n"));
        assertEquals(ProbeResult.good("status 401"), ask(probe, "HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n"));
        assertEquals(ProbeResult.bad("status 200"), ask(probe, "HTTP/1.1 200 OK\r\n\r\nok"));
    }

    @Test
    @DisplayName("3 a body of 1 GiB is good and not read")
    void aBodyOf1GibIsGoodAndNotRead() throws Exception {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        try (FaultServer server = FaultServer.start(connection -> {
            String unused = FaultServer.readHeaders(connection);
            OutputStream out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".getBytes(ISO_8859_1));
            long count = 0;
            try {
                for (byte[] chunk = new byte[65_536]; count < 1L << 30; count += chunk.length) {
                    out.write(chunk);
                }
            } finally {
                sent.complete(count);
            }
        })) {
            assertEquals(ProbeResult.good("status 200"), asking.ask(PROBE, server.address()));
            // What was sent beyond 8 KiB lay in the buffers of the kernel when the probe went away.
            assertTrue(sent.get(10, TimeUnit.SECONDS) < 64 << 20, sent + " bytes of 1 GiB");
        }
    }

    @ParameterizedTest(name = "3 {0} without end are read up to 8 KiB and are bad")
    @CsvSource({
        "headers, 'HTTP/1.1 200 OK\r\n', 'X: y\r\n', headers without end",
        "one header, 'HTTP/1.1 200 OK\r\nX: ', y, headers without end",
        "bytes, '', x, no status line"
    })
    void whatHasNoEndIsReadUpTo8Kib(String what, String beginning, String rest, String reason) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        HttpAnswer judge = new HttpAnswer(Set.of(200));
        HealthProbe counting = target -> ProbeExchange.ask(
                target, ProbeRoute.to(0), PROBE.request(target.address()), (received, isEnd, isFull) -> {
                    seen.set(received.length());
                    return judge.judge(received, isEnd, isFull);
                });
        try (FaultServer server = FaultServer.start(connection -> {
            send(connection, beginning);
            byte[] more = rest.repeat(1_000).getBytes(ISO_8859_1);
            while (true) {
                connection.getOutputStream().write(more); // until the probe goes away
            }
        })) {
            assertEquals(ProbeResult.bad(reason), asking.ask(counting, server.address()), what);
            assertEquals(8 * 1024, seen.get());
        }
    }

    @ParameterizedTest(name = "3 {0} is bad: {2}")
    @CsvSource({
        "a redirect, 'HTTP/1.1 301 x\r\nLocation: http://169.254.169.254/\r\n\r\n', status 301",
        "a page for some only, 'HTTP/1.1 401 x\r\n\r\n', status 401",
        "no content, 'HTTP/1.1 204 x\r\n\r\n', status 204",
        "100-continue before 200, 'HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok', status 100",
        "another protocol, 'SSH-2.0-x\r\n', not an HTTP/1 answer",
        "HTTP/0.9, '<html>\r\n<p>well</p>\r\n', not an HTTP/1 answer",
        "HTTP/2, 'HTTP/2 200\r\n\r\n', not an HTTP/1 answer",
        "half a line, 'HTTP/1.1 20', no status line",
        "a status of four digits, 'HTTP/1.1 2000 OK\r\n\r\n', not an HTTP/1 answer",
        "a line feed alone, 'HTTP/1.1 200 OK\n\n', no status line",
        "nothing, '', no status line",
        "headers that break off, 'HTTP/1.1 200 OK\r\nX: y\r\n', headers without end",
        "a body that is missing, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', ended before its body",
        "chunks that are missing, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', ended before its body"
    })
    void whatIsNotAPlain200IsBad(String what, String answer, String reason) throws Exception {
        assertEquals(ProbeResult.bad(reason), ask(PROBE, answer), what);
    }

    @Test
    @DisplayName("3 garbage is bad")
    void garbageIsBad() throws Exception {
        byte[] garbage = new byte[100_000];
        new java.util.SplittableRandom(3).nextBytes(garbage);

        assertFalse(ask(PROBE, new String(garbage, ISO_8859_1)).isGood());
    }

    @Test
    @DisplayName("3 a gzip bomb is not opened")
    void aGzipBombIsNotOpened() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[10 << 20]);
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n";

        assertEquals(ProbeResult.good("status 200"), ask(PROBE, head + bomb.toString(ISO_8859_1)));
    }

    @ParameterizedTest(name = "3 a server that hangs after \"{0}\" gives no answer")
    @ValueSource(strings = {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"})
    void aServerThatHangsGivesNoAnswer(String before) throws Exception {
        CompletableFuture<Void> hanging = new CompletableFuture<>();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (FaultServer server = FaultServer.start(connection -> {
            send(connection, before);
            hanging.complete(null);
            try {
                end.complete(connection.getInputStream().read());
            } catch (IOException e) {
                end.complete(-1); // reset: the probe went away before it had read the last byte
            }
        })) {
            CompletableFuture<ProbeResult> question = asking.begin(PROBE, server.address());
            hanging.get(10, TimeUnit.SECONDS);
            assertFalse(question.isDone());

            question.cancel(true); // as the monitor does after the timeout

            assertEquals(-1, end.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest(name = "3 the header of the PROXY protocol {0} comes before everything else")
    @CsvSource({"OFF, ''", "V1, 'PROXY UNKNOWN\r\n'", "V2, '\r\n\r\n\0\r\nQUIT\n \0\0\0'"})
    void theHeaderOfTheProxyProtocolComesFirst(ProxyHeader header, String expected) throws Exception {
        for (HealthProbe probe : new HealthProbe[] {
            PROBE.withProxyHeader(header),
            HealthProbe.https("/").withProxyHeader(header),
            HealthProbe.tcp().withProxyHeader(header).withExchange(new byte[] {'x'}, new byte[] {'x'})
        }) {
            CompletableFuture<String> begun = new CompletableFuture<>();
            try (FaultServer server = FaultServer.start(connection -> begun.complete(
                    new String(connection.getInputStream().readNBytes(expected.length() + 1), ISO_8859_1)))) {
                ProbeResult unused = asking.ask(probe, server.address());

                String next = probe.toString().equals("http /")
                        ? "G"
                        : probe.toString().equals("tcp") ? "x" : "\26";
                assertEquals(expected + next, begun.get(10, TimeUnit.SECONDS), probe.toString());
            }
        }
    }

    @Test
    void theHostHeaderIsTheOneThatWasAskedFor() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        try (FaultServer server =
                FaultServer.start(connection -> request.complete(FaultServer.readHeaders(connection)))) {
            ProbeResult unused = asking.ask(PROBE.withHost("shop.example"), server.address());

            assertTrue(request.get(10, TimeUnit.SECONDS).contains("\r\nHost: shop.example\r\n"));
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("3 ten thousand probes leave no descriptor behind")
    void tenThousandProbesLeaveNoDescriptorBehind() throws Exception {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 503 x\r\n\r\n")) {
            ProbeResult first = asking.ask(PROBE, server.address());
            assertEquals(ProbeResult.bad("status 503"), first);
            long before = Descriptors.open();

            for (int i = 0; i < 10_000; i++) {
                assertEquals(first, asking.ask(PROBE, server.address()));
            }

            // A few may belong to connections that the server is closing.
            Await.until("descriptors are back at " + before, () -> Descriptors.open() <= before + 3);
        }
    }

    private ProbeResult ask(HttpProbe probe, String answer) throws Exception {
        try (FaultServer server = FaultServer.start(connection -> send(connection, answer))) {
            return asking.ask(probe, server.address());
        }
    }

    private static void send(Socket connection, String answer) throws IOException {
        String unused = FaultServer.readHeaders(connection);
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
    }
}
