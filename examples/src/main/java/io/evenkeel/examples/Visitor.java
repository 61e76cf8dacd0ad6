package io.evenkeel.examples;

import io.evenkeel.LoadBalancer;
import io.evenkeel.okhttp.FailoverPolicy;
import io.evenkeel.okhttp.LoadBalancingInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A person at a browser: every visit is a new connection, as a forced refresh is. Like a browser, it sends a GET once more
 * when a connection breaks off before the end of an answer (RFC 9110, section 9.2.2): a server that is killed takes with it what it
 * was just answering, and nothing in between can know. It waits a moment before that: while a process dies, its kernel
 * still accepts connections, only to reset them.
 */
final class Visitor {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MOMENT_MILLIS = 100;
    private static final int LONGEST_PAGE = 64 * 1024;

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

    /**
     * A client for {@code http://hello} that needs none of this: it repeats by itself, on another backend, what breaks off,
     * since it reads a page to its end before it hands it on.
     */
    static OkHttpClient client(LoadBalancer balancer) {
        return LoadBalancingInterceptor.builder()
                .route("http://hello", balancer)
                .failover(FailoverPolicy.defaults().withWholeAnswers(LONGEST_PAGE))
                .build()
                .install(new OkHttpClient.Builder())
                .build();
    }

    /** What the page says, through such a client. */
    static String call(OkHttpClient client) throws IOException {
        Request request = new Request.Builder().url("http://hello/").build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
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
            String page = answer.substring(body + 4);
            if (page.getBytes(StandardCharsets.UTF_8).length < length(answer.substring(0, body))) {
                throw new IOException("the answer broke off after " + page.length() + " characters");
            }
            return page;
        }
    }

    /** What the answer says that it is long: one that is shorter has not come to its end (RFC 9112, section 8). */
    private static int length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
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
