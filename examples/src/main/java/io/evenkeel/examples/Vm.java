package io.evenkeel.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs on a virtual machine of the tutorial: the hello page, a health page, a UDP echo and a stand-in for remote
 * desktop that says whose desktop it is. A process of its own, which ends when the one that started it is gone.
 */
public final class Vm {
    static final int WEB_PORT = 3000;
    static final int ECHO_PORT = 5300;
    static final int DESKTOP_PORT = 3389;
    static final String HEALTH_PATH = "/healthcheck";

    /** The hello page once more, which takes its time here. */
    static final String WORK_PATH = "/work";

    private static final long WORK_NANOS = 50_000_000;

    private final String name;
    private final InetAddress ip;

    private Vm(String name, InetAddress ip) {
        this.name = name;
        this.ip = ip;
    }

    /** {@code NAME IP}: serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        Vm vm = new Vm(args[0], InetAddress.getByName(args[1]));
        vm.serveWeb();
        daemon("echo", vm::serveEcho);
        daemon("desktop", vm::serveDesktop);
        while (System.in.read() >= 0) {
            // Nothing is ever said: only the end matters.
        }
        System.exit(0);
    }

    private void serveWeb() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(ip, WEB_PORT), 256);
        server.createContext("/", this::hello);
        server.createContext(WORK_PATH, exchange -> {
            LockSupport.parkNanos(WORK_NANOS);
            hello(exchange);
        });
        server.createContext(HEALTH_PATH, exchange -> answer(exchange, "well"));
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.start();
    }

    private void hello(HttpExchange exchange) throws IOException {
        answer(exchange, "Hello World from host " + name + "!");
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void serveEcho() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(ECHO_PORT, ip)) {
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            while (true) {
                packet.setLength(65_535);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }

    private void serveDesktop() throws IOException {
        try (ServerSocket server = new ServerSocket(DESKTOP_PORT, 50, ip)) {
            while (true) {
                try (Socket connection = server.accept()) {
                    connection.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private interface Service {
        void serve() throws IOException;
    }

    private static void daemon(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        service.serve();
                    } catch (IOException e) {
                        System.err.println(name + ": " + e);
                        System.exit(1); // half a virtual machine would only confuse
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
