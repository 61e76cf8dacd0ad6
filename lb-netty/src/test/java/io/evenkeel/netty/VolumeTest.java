package io.evenkeel.netty;

import static io.evenkeel.netty.Forwarders.TCP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether much arrives as it was sent. */
class VolumeTest {
    private static final long TOTAL = 1L << 30;

    @Test
    @Tag("main-job")
    @DisplayName("6 1 GiB each way keeps its SHA-256, and both halves of a connection are closed on their own")
    void aGibibyteArrivesAsItWasSent() throws Exception {
        CompletableFuture<byte[]> atBackend = new CompletableFuture<>();
        TcpVm.Service hashesThenSends = socket -> {
            atBackend.complete(digest(socket.getInputStream()));
            send(socket.getOutputStream(), 2);
            socket.shutdownOutput();
        };
        try (TcpVm vm = new TcpVm("vm1", "127.0.0.11", hashesThenSends);
                Forwarder forwarder = Forwarder.builder()
                        .rules(LoadBalancingRule.of("bulk", TCP, BackendPool.of("web", vm.backend())))
                        .build();
                Socket client = Forwarders.connect(forwarder, "bulk")) {
            byte[] sent = send(client.getOutputStream(), 1);
            client.shutdownOutput();

            assertArrayEquals(sent, atBackend.get());
            assertArrayEquals(send(OutputStream.nullOutputStream(), 2), digest(client.getInputStream()));
            assertEquals(-1, client.getInputStream().read());
        }
    }

    /** The chunks differ by a counter, so that none may be lost, repeated or swapped. */
    private static byte[] send(OutputStream out, int seed) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[256 << 10];
        new Random(seed).nextBytes(chunk);
        for (long sent = 0; sent < TOTAL; sent += chunk.length) {
            long count = sent / chunk.length;
            for (int i = 0; i < Long.BYTES; i++) {
                chunk[i] = (byte) (count >>> (i * Byte.SIZE));
            }
            digest.update(chunk);
            out.write(chunk);
        }
        return digest.digest();
    }

    private static byte[] digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[256 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
