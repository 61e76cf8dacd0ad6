package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.evenkeel.backend.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A backend that is a process of its own: answers each connection with its name over HTTP. */
final class HttpProcess implements AutoCloseable {
    private final String name;
    private final String ip;
    private final JavaProcess process;

    HttpProcess(String name, String ip, int port) throws IOException {
        this.name = name;
        this.ip = ip;
        this.process = new JavaProcess(HttpProcess.class, name, ip, String.valueOf(port));
    }

    Backend backend() {
        return Backend.of(name, ip, port());
    }

    int port() {
        return process.port();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void signal(String signal) throws IOException, InterruptedException {
        process.signal(signal);
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    public static void main(String[] args) throws IOException {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Length: " + args[0].length() + "\r\nConnection: close\r\n\r\n"
                        + args[0])
                .getBytes(US_ASCII);
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2])), 200);
        Thread serving = new Thread(() -> serve(listening, answer));
        serving.setDaemon(true);
        serving.start();
        System.out.println(listening.getLocalPort());
        while (System.in.read() >= 0) {} // until the parent ends
    }

    private static void serve(ServerSocket listening, byte[] answer) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
                socket.getOutputStream().write(answer);
            } catch (IOException e) {
                // the client's view is what tests look at
            }
        }
    }
}
