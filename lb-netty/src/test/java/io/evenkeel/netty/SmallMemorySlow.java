package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** A process with little memory. */
@Tag("netty")
class SmallMemorySlow {
    private static final int WANTED = 10_000;

    /** Most of a descriptor limit of 20,000: a client and a backend have one each in this process, and two in the other. */
    private static final int LEAST = 8_000;

    @ParameterizedTest
    @TransportsHere
    @DisplayName(
            "2. F12: 64 MB of heap, 32 MB direct, 10,000 connections wanted: nothing runs out, what is there is exact")
    void tenThousandConnectionsDoNotFillASmallProcess(Transport transport) throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (EchoLoop backend = new EchoLoop("127.0.0.11");
                TcpVm probed = TcpVm.echo("probed", "127.0.0.12");
                SmallProcess small = SmallProcess.startLarge(transport, backend.port(), probed)) {
            for (int i = 0; i < WANTED; i++) {
                Socket client = served(small);
                if (client != null) {
                    clients.add(client);
                }
            }

            assertTrue(clients.size() >= LEAST, "served: " + clients.size());
            byte[] sent = new byte[4096];
            for (int i = 0; i < clients.size(); i++) {
                new Random(i).nextBytes(sent);
                clients.get(i).getOutputStream().write(sent);
                assertArrayEquals(sent, clients.get(i).getInputStream().readNBytes(sent.length));
            }
            assertTrue(small.isAlive());
            assertFalse(Files.readString(small.log()).contains("OutOfMemory"));
            System.out.println("F12 " + transport + ": served " + clients.size() + " of " + WANTED + ", resident "
                    + small.residentMegabytes() + " MB");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** A client that has its first byte back; null if it was turned away. */
    private static Socket served(SmallProcess small) throws IOException {
        Socket client = new Socket();
        client.setSoTimeout(20_000);
        try {
            client.connect(small.frontend(), 20_000);
            client.getOutputStream().write(1);
            assertEquals(1, client.getInputStream().read());
            return client;
        } catch (IOException e) {
            client.close();
            return null;
        }
    }
}
