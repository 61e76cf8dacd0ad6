package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs of the tests in a process that has a network to itself: just a loopback, which is gone with the process. There it
 * may lose packets and change settings of the system, and nobody else is touched.
 */
final class OwnNetwork {
    private static final List<String> AS_ANYBODY = List.of("unshare", "--map-root-user", "--net");
    private static final List<String> AS_ROOT = List.of("unshare", "--net");

    private OwnNetwork() {}

    /**
     * Runs the {@code main} of a program; what it throws fails the test, and what it prints is printed here. Skipped where there
     * is no way to do it.
     */
    static void run(Duration limit, Class<?> program, String... args) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/nft")) && Files.isExecutable(Path.of("/usr/sbin/ip")),
                "nftables and iproute2 are not installed; .ci/install-servers does it");
        boolean anybodyMay = succeeds(enter(AS_ANYBODY, "true"));
        assumeTrue(anybodyMay || succeeds(enter(AS_ROOT, "true")), "network namespaces are not allowed here");
        Path log = Files.createTempFile(Path.of("target"), "own-network", ".log");
        List<String> command = new ArrayList<>(enter(
                anybodyMay ? AS_ANYBODY : AS_ROOT,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(
                    process.waitFor(limit.toSeconds(), TimeUnit.SECONDS),
                    () -> "still running, and said: " + read(log));
            assertEquals(0, process.exitValue(), () -> read(log));
        } finally {
            process.destroyForcibly().waitFor();
            System.out.print(read(log)); // where the build looks for leaks
        }
    }

    private static List<String> enter(List<String> how, String... command) {
        List<String> all = new ArrayList<>(how);
        all.addAll(List.of(command));
        return all;
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Inside: before anything else. */
    static void begin() throws IOException, InterruptedException {
        execute("/usr/sbin/ip", "link", "set", "lo", "up");
        nft("add table inet faults; add chain inet faults input { type filter hook input priority 0; }");
    }

    /** Inside: the system keeps so much at the most of what is under way, in each direction at each end of a connection. */
    static void tcpBuffers(int bytes) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_rmem"), "4096 16384 " + bytes);
        Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_wmem"), "4096 16384 " + bytes);
    }

    /** Inside: what is sent to that address from now on gets lost. */
    static void drop(String ip) throws IOException, InterruptedException {
        nft("add rule inet faults input ip daddr " + ip + " drop");
    }

    /** Inside: what is sent there is answered by an ICMP message, as by a router that knows no way. */
    static void reject(String ip) throws IOException, InterruptedException {
        nft("add rule inet faults input ip daddr " + ip + " reject with icmp host-unreachable");
    }

    /** Inside: no packet gets lost any more. */
    static void repair() throws IOException, InterruptedException {
        nft("flush chain inet faults input");
    }

    /** Inside: these are all the ports that the system chooses from. */
    static void localPorts(int first, int last) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), first + " " + last);
    }

    private static void nft(String commands) throws IOException, InterruptedException {
        execute("/usr/sbin/nft", commands);
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        if (!succeeds(List.of(command))) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
