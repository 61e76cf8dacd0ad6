package io.evenkeel.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;

/** A server that nobody here has written, in a process of its own: three ports in the clear, three with TLS. */
final class Nginx implements AutoCloseable {
    private static final int BACKENDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path home;
    private final Process process;
    private final Thread atExit;
    private final List<InetSocketAddress> plain;
    private final List<InetSocketAddress> tls;

    private Nginx(Path home, Process process, List<InetSocketAddress> plain, List<InetSocketAddress> tls) {
        this.home = home;
        this.process = process;
        this.plain = plain;
        this.tls = tls;
        this.atExit = new Thread(process::destroy, "stop-nginx");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Where the program is; empty if it is not installed. */
    static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns when it answers. */
    static Nginx start(Path program, HeldCertificate certificate) throws IOException {
        List<InetSocketAddress> free = freePorts(2 * BACKENDS);
        Path home = Files.createTempDirectory("evenkeel-nginx");
        Nginx nginx = null;
        try {
            List<InetSocketAddress> plain = free.subList(0, BACKENDS);
            List<InetSocketAddress> tls = free.subList(BACKENDS, free.size());
            Files.writeString(home.resolve("certificate.pem"), certificate.certificatePem());
            Files.writeString(home.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
            Files.writeString(home.resolve("nginx.conf"), configuration(plain, tls));
            Process process = new ProcessBuilder(program.toString(), "-p", home.toString(), "-c", "nginx.conf")
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("output").toFile())
                    .start();
            nginx = new Nginx(home, process, plain, tls);
            nginx.awaitAnswer();
            return nginx;
        } finally {
            if (nginx == null) {
                delete(home);
            }
        }
    }

    private static List<InetSocketAddress> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream()
                    .map(socket -> new InetSocketAddress("127.0.0.1", socket.getLocalPort()))
                    .toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static String configuration(List<InetSocketAddress> plain, List<InetSocketAddress> tls) throws IOException {
        try (InputStream template = Nginx.class.getResourceAsStream("/nginx.conf")) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("PLAIN;", listen(plain, ""))
                    .replace("TLS;", listen(tls, " ssl http2"));
        }
    }

    private static String listen(List<InetSocketAddress> addresses, String options) {
        return addresses.stream()
                .map(address -> "listen 127.0.0.1:" + address.getPort() + options + ";")
                .collect(Collectors.joining(" "));
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                new Socket(plain.get(0).getAddress(), plain.get(0).getPort()).close();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    String said = Files.readString(home.resolve("output"));
                    close();
                    throw new IOException("nginx does not answer: " + said, notYet);
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    List<InetSocketAddress> plain() {
        return plain;
    }

    /** With HTTP/2. */
    List<InetSocketAddress> tls() {
        return tls;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(atExit);
        delete(home);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
