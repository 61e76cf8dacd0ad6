package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A stand-in for a virtual machine: a blocking TCP server on a loopback address of its own. */
final class TcpVm implements AutoCloseable {
    /** What it does with a connection; the connection is closed afterwards. */
    interface Service {
        void serve(Socket socket) throws IOException;
    }

    static final Service ECHO = socket -> {
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.shutdownOutput();
    };

    private final String name;
    private final ServerSocket listening;
    private final Service service;
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    TcpVm(String name, String ip, Service service) throws IOException {
        this.name = name;
        this.service = service;
        this.listening = new ServerSocket(0, 200, InetAddress.getByName(ip));
        start("accept", this::accept);
    }

    static TcpVm echo(String name, String ip) throws IOException {
        return new TcpVm(name, ip, ECHO);
    }

    /** Sends its name and closes. */
    static TcpVm naming(String name, String ip) throws IOException {
        return new TcpVm(name, ip, socket -> {
            socket.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            drain(socket.getInputStream());
        });
    }

    static void drain(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Closes with a reset instead of a clean end. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Backend backend() {
        return Backend.of(name, listening.getInetAddress().getHostAddress(), port());
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Returns when all connections are closed on this side, too. */
    void awaitNoConnections() {
        Await.until("connections are closed", () -> sockets.stream().allMatch(Socket::isClosed));
    }

    int accepted() {
        return accepted.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                accepted.incrementAndGet();
                start("serve", () -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // the client's view is what tests look at
        }
    }

    private void start(String role, Runnable task) {
        Thread thread = new Thread(task, name + "-" + role);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
