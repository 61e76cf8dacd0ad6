package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class VisitorTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-length: 5\r\n\r\n";

    private static void answer(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1_024];
            int unused = socket.getInputStream().read(request);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerThatBreaksOffAfterItsHeadIsAskedForOnceMore() throws Exception {
        AtomicInteger repeats = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> {
                answer(server, HEAD);
                answer(server, HEAD + "hello");
            });
            serving.start();

            String page = Visitor.visit(
                    new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), repeats::incrementAndGet);

            assertEquals("hello", page);
            assertEquals(1, repeats.get());
            serving.join();
        }
    }

    @Test
    void throughOkHttpTooAnAnswerThatBreaksOffAfterItsHeadIsAskedForOnceMore() throws Exception {
        AtomicInteger repeats = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> {
                answer(server, HEAD);
                answer(server, HEAD + "hello");
            });
            serving.start();
            String url = "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();

            String page = Visitor.call(new OkHttpClient(), url, repeats::incrementAndGet);

            assertEquals("hello", page);
            assertEquals(1, repeats.get());
            serving.join();
        }
    }
}
