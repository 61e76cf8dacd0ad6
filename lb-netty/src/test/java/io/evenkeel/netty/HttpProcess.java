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
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A backend that is a process of its own: answers each connection with its name over HTTP. Ends with its input. */
final class HttpProcess implements AutoCloseable {
    private final String name;
    private final String ip;
    private final Process process;
    private final int port;

    HttpProcess(String name, String ip, int port) throws IOException {
        this.name = name;
        this.ip = ip;
        this.process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HttpProcess.class.getName(),
                        name,
                        ip,
                        String.valueOf(port)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
        this.port = Integer.parseInt(Objects.requireNonNull(out.readLine(), "the process has ended"));
    }

    Backend backend() {
        return Backend.of(name, ip, port);
    }

    int port() {
        return port;
    }

    /** No goodbye: the system resets its connections. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code STOP}: it hangs, and the system goes on to take connections for it. {@code CONT}: it goes on. */
    void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill ended with " + code);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
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
