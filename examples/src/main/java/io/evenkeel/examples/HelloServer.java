package io.evenkeel.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server within this process that says its name, whatever it is asked. */
final class HelloServer implements AutoCloseable {
    private final HttpServer server;

    private HelloServer(HttpServer server) {
        this.server = server;
    }

    static HelloServer start(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, name.length());
            exchange.getResponseBody().write(name.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        return new HelloServer(server);
    }

    Backend backend() {
        return Backend.of("127.0.0.1", server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
