package io.evenkeel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real BIND 9 on loopback, which knows the zone {@code example}; tests that need it are skipped where it is absent. */
public final class Bind implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/named");
    private static final Path UPDATE = Path.of("/usr/bin/nsupdate");

    private final Process process;
    private final InetSocketAddress address;

    private Bind(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts one that answers by datagram and stream.
     *
     * @param folder an empty folder for it to work in
     * @param records of the zone, one in each line, as zone files have them
     */
    public static Bind start(Path folder, String records) throws IOException {
        assumeTrue(
                Files.isExecutable(PROGRAM) && Files.isExecutable(UPDATE),
                "bind9 is not installed; .ci/install-servers does it");
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Files.writeString(folder.resolve("example.zone"), """
                $TTL 60
                @ SOA ns.example. nobody.example. 1 60 60 60 60
                @ NS ns
                ns A 127.0.0.1
                """ + records + "\n");
        Files.writeString(folder.resolve("named.conf"), """
                controls {};
                options {
                  directory "%1$s";
                  pid-file none;
                  session-keyfile none;
                  listen-on port %2$d { 127.0.0.1; };
                  listen-on-v6 { none; };
                  recursion no;
                  empty-zones-enable no;
                  max-records-per-type 0;
                };
                zone "example" {
                  type primary;
                  file "%1$s/example.zone";
                  allow-update { 127.0.0.1; };
                };
                """.formatted(folder, address.getPort()));
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "-4",
                        "-n",
                        "1",
                        "-g",
                        "-c",
                        folder.resolve("named.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("named.log").toFile())
                .start();
        Bind bind = new Bind(process, address);
        Await.until("bind9 listens", bind::listens);
        return bind;
    }

    private boolean listens() {
        assertEquals(true, process.isAlive(), "bind9 runs");
        try (Socket socket = new Socket()) {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Changes the zone, in the language of nsupdate: {@code add web.example. 60 A 10.0.0.1}. */
    public void update(String... changes) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("server 127.0.0.1 " + address.getPort() + "\nzone example.\n");
        List.of(changes)
                .forEach(change -> script.append("update ").append(change).append('\n'));
        Process update = new ProcessBuilder(UPDATE.toString())
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (var in = update.getOutputStream()) {
            in.write(script.append("send\n").toString().getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(true, update.waitFor(20, TimeUnit.SECONDS), "nsupdate ended");
        assertEquals(0, update.exitValue(), script.toString());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
