package io.evenkeel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real dnsmasq on loopback, whose names are in a hosts file; tests that need it are skipped where it is absent. */
public final class Dnsmasq implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/dnsmasq");

    private final Process process;
    private final InetSocketAddress address;
    private final Path hosts;

    private Dnsmasq(Process process, InetSocketAddress address, Path hosts) {
        this.process = process;
        this.address = address;
        this.hosts = hosts;
    }

    /**
     * Starts one whose answers have a time to live of zero, as is its default.
     *
     * @param folder an empty folder for it to work in
     * @param hosts one address and its names in each line
     * @param options further ones of its command line
     */
    public static Dnsmasq start(Path folder, String hosts, String... options) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "dnsmasq is not installed; .ci/install-servers does it");
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Path file = Files.writeString(folder.resolve("hosts"), hosts);
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=" + System.getProperty("user.name"),
                "--port=" + address.getPort(),
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--local=/example/",
                "--addn-hosts=" + file));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dnsmasq.log").toFile())
                .start();
        Dnsmasq dnsmasq = new Dnsmasq(process, address, file);
        Await.until("dnsmasq listens", dnsmasq::listens);
        return dnsmasq;
    }

    private boolean listens() {
        assertEquals(true, process.isAlive(), "dnsmasq runs");
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

    /** Knows these from now on, and nobody else. */
    public void hosts(String lines) throws IOException, InterruptedException {
        Files.writeString(hosts, lines);
        assertEquals(
                0,
                new ProcessBuilder("kill", "-HUP", "" + process.pid()).start().waitFor());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
