package io.evenkeel.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A person at a browser: every visit is a new connection, as a forced refresh is. Like a browser, it sends a GET once more
 * when a connection breaks off before an answer (RFC 9110, section 9.2.2): a server that is killed takes with it what it
 * was just answering, and nothing in between can know. It waits a moment before that: while a process dies, its kernel
 * still accepts connections, only to reset them.
 */
final class Visitor {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MOMENT_MILLIS = 100;

    private Visitor() {}

    /** What the page says. {@code onRepeat} runs before a GET is sent once more. */
    static String visit(InetSocketAddress frontend, Runnable onRepeat) throws IOException, InterruptedException {
        try {
            return get(frontend);
        } catch (IOException e) {
            onRepeat.run();
            Thread.sleep(MOMENT_MILLIS);
            return get(frontend);
        }
    }

    private static String get(InetSocketAddress frontend) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(frontend, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: hello\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int body = answer.indexOf("\r\n\r\n");
            if (!answer.startsWith("HTTP/1.1 200 ") || body < 0) {
                throw new IOException(
                        "not an answer: " + answer.lines().findFirst().orElse("nothing"));
            }
            return answer.substring(body + 4);
        }
    }

    /** All that a service says on a connection, and nothing is sent to it. */
    static String listen(InetSocketAddress service) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(service, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
