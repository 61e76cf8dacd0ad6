package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A backend that is a process of its own: sends back what it gets, by TCP and by UDP at the same port, which it keeps. */
final class EchoProcess implements AutoCloseable {
    private final String name;
    private final String ip;
    private final int port;
    private @Nullable JavaProcess process;

    EchoProcess(String name, String ip) throws IOException {
        this.name = name;
        this.ip = ip;
        JavaProcess first = start(0);
        this.process = first;
        this.port = first.port();
    }

    private JavaProcess start(int wanted) throws IOException {
        return new JavaProcess(EchoProcess.class, ip, String.valueOf(wanted));
    }

    String name() {
        return name;
    }

    Backend backend() {
        return Backend.of(name, ip, port);
    }

    /** Again, after it was killed. */
    void start() throws IOException {
        process = start(port);
    }

    void kill() throws InterruptedException {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    void signal(String signal) throws IOException, InterruptedException {
        if (process != null) {
            process.signal(signal);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    public static void main(String[] args) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(args[0], Integer.parseInt(args[1])), 200);
        DatagramSocket datagrams = new DatagramSocket(listening.getLocalPort(), InetAddress.getByName(args[0]));
        ExecutorService threads = Executors.newCachedThreadPool();
        threads.execute(() -> answer(datagrams));
        threads.execute(() -> accept(listening, threads));
        System.out.println(listening.getLocalPort());
        while (System.in.read() >= 0) {} // until the parent ends
        System.exit(0);
    }

    private static void accept(ServerSocket listening, ExecutorService threads) {
        while (true) {
            try {
                Socket socket = listening.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // reset before it was accepted
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            TcpVm.ECHO.serve(socket);
        } catch (IOException e) {
            // the client's view is what tests look at
        }
    }

    private static void answer(DatagramSocket datagrams) {
        byte[] buffer = new byte[2048];
        while (true) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                datagrams.send(packet);
            } catch (IOException e) {
                // the sender is gone
            }
        }
    }
}
