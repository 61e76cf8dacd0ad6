package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** A process that has no file descriptors to spare. */
@Tag("netty")
class DescriptorsTest {
    private static final int CLIENTS = 400;

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F10: of 400 connections at 256 descriptors 80 are served, the others reset; probes go on; nothing spins")
    void whoIsTooManyIsRefusedAndProbesGoOn(Transport transport) throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                TcpVm probed = TcpVm.echo("probed", "127.0.0.12");
                SmallProcess small = SmallProcess.start(transport, 0, vm, probed)) {
            int served = 0;
            for (int i = 0; i < CLIENTS; i++) {
                served += isServed(small) ? 1 : 0;
            }

            assertEquals(80, served, "(256 - 256 / 8 - 64) / 2");
            int files = small.openFiles();
            assertTrue(files < SmallProcess.FILES - 20, files + " files");
            int before = probed.accepted();
            Await.until("probes reach their backend", () -> probed.accepted() > before + 2);
            awaitQuiet(small);

            closeClients();
            Await.until("service resumes", () -> isServed(small));
        }
    }

    @ParameterizedTest
    @TransportsHere
    @DisplayName("2. F10: without the limit descriptors run out, and still nothing spins, and service resumes")
    void runningOutOfDescriptorsDoesNotSpin(Transport transport) throws Exception {
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                TcpVm probed = TcpVm.echo("probed", "127.0.0.12");
                SmallProcess small = SmallProcess.start(transport, 1_000_000, vm, probed)) {
            for (int i = 0; i < CLIENTS; i++) {
                send(small);
            }

            Await.until("all descriptors are in use", () -> openFiles(small) >= SmallProcess.FILES);
            awaitQuiet(small);

            closeClients();
            Await.until("service resumes", () -> isServed(small));
        }
    }

    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    @DisplayName("2. F10: with no descriptor left for a pipe, a stream that is there goes on, byte by byte")
    void aStreamGoesOnWithoutAPipe(Transport transport) throws Exception {
        byte[] sent = new byte[32 << 20];
        new Random(1).nextBytes(sent);
        try (TcpVm vm = TcpVm.echo("vm", "127.0.0.11");
                TcpVm probed = TcpVm.echo("probed", "127.0.0.12");
                SmallProcess small = SmallProcess.start(transport, 1_000_000, vm, probed)) {
            Socket stream = connect(small);
            stream.getOutputStream().write(sent, 0, 1);
            assertEquals(sent[0], (byte) stream.getInputStream().read());
            for (int i = 0; i < CLIENTS; i++) {
                send(small);
            }
            Await.until("all descriptors are in use", () -> openFiles(small) >= SmallProcess.FILES);

            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> read(stream, sent.length - 1));
            stream.getOutputStream().write(sent, 1, sent.length - 1);

            assertArrayEquals(Arrays.copyOfRange(sent, 1, sent.length), received.get());
        }
    }

    private static byte[] read(Socket socket, int length) {
        try {
            return socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until a second in which it used less than a twentieth of a processor; what spins uses all it can get. */
    private static void awaitQuiet(SmallProcess small) throws InterruptedException {
        Duration used = Duration.ofDays(1);
        for (int i = 0; i < 30 && used.toMillis() >= 50; i++) {
            Duration before = small.processorTime();
            Thread.sleep(1_000);
            used = small.processorTime().minus(before);
        }
        assertTrue(used.toMillis() < 50, used + " of processor time in a second");
    }

    private Socket connect(SmallProcess small) throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.setSoTimeout(10_000);
        client.connect(small.frontend(), 10_000);
        return client;
    }

    private boolean isServed(SmallProcess small) {
        try {
            Socket client = connect(small);
            client.getOutputStream().write(1);
            return client.getInputStream().read() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private void send(SmallProcess small) {
        try {
            connect(small).getOutputStream().write(1);
        } catch (IOException e) {
            // turned away already
        }
    }

    private static int openFiles(SmallProcess small) {
        try {
            return small.openFiles();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
