package io.evenkeel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class VisitorTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-length: 5\r\n\r\n";

    private static void answer(ServerSocket server, Supplier<String> answer) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[1_024];
            int unused = socket.getInputStream().read(request);
            socket.getOutputStream().write(answer.get().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerThatBreaksOffAfterItsHeadIsAskedForOnceMore() throws Exception {
        AtomicInteger repeats = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> {
                answer(server, () -> HEAD);
                answer(server, () -> HEAD + "hello");
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
    void throughOkHttpAnotherServerIsAskedWhenAnAnswerBreaksOffAfterItsHead() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ServerSocket one = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                LoadBalancer balancer = LoadBalancer.builder("hello")
                        .backends(backend(one), backend(two))
                        .build()) {
            Supplier<String> breaksOffAtFirst = () -> asked.getAndIncrement() == 0 ? HEAD : HEAD + "hello";
            Thread serving = new Thread(() -> answer(one, breaksOffAtFirst));
            Thread servingToo = new Thread(() -> answer(two, breaksOffAtFirst));
            serving.start();
            servingToo.start();

            String page = Visitor.call(Visitor.client(balancer));

            assertEquals("hello", page);
            assertEquals(2, asked.get());
            serving.join();
            servingToo.join();
        }
    }

    private static Backend backend(ServerSocket server) {
        return Backend.of(server.getInetAddress().getHostAddress(), server.getLocalPort());
    }
}
