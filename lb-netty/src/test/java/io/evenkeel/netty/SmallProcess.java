package io.evenkeel.netty;

import io.evenkeel.LoadBalancer;
import io.evenkeel.backend.Backend;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.pool.BackendPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A forwarder in a process of its own that may have little; it ends with its input. */
final class SmallProcess implements AutoCloseable {
    static final int FILES = 256;

    private final Process process;
    private final Path log;
    private final InetSocketAddress frontend;

    private SmallProcess(Process process, Path log, InetSocketAddress frontend) {
        this.process = process;
        this.log = log;
        this.frontend = frontend;
    }

    /**
     * With 256 descriptors, and so many flows at the most, or the default for 0; probes the second backend all the time.
     */
    static SmallProcess start(Transport transport, int maxFlows, TcpVm backend, TcpVm probed) throws IOException {
        return start("ulimit -n " + FILES, transport, maxFlows, backend.port(), probed.port());
    }

    /** With all the descriptors that the system allows, and little memory. */
    static SmallProcess startLarge(Transport transport, int backendPort, TcpVm probed) throws IOException {
        return start("ulimit -n $(ulimit -Hn)", transport, 0, backendPort, probed.port());
    }

    private static SmallProcess start(String limit, Transport transport, int maxFlows, int backendPort, int probedPort)
            throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "small-process", ".log");
        Process process = new ProcessBuilder(List.of(
                        "bash",
                        "-c",
                        limit + " && exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallProcess.class.getName(),
                        transport.name(),
                        String.valueOf(maxFlows),
                        String.valueOf(backendPort),
                        String.valueOf(probedPort)))
                .redirectError(log.toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        int port = Integer.parseInt(Objects.requireNonNull(out.readLine(), "the process has ended"));
        return new SmallProcess(process, log, new InetSocketAddress(Forwarders.FRONT, port));
    }

    InetSocketAddress frontend() {
        return frontend;
    }

    /** User and system time of all its threads so far. */
    Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it said of errors. */
    Path log() {
        return log;
    }

    long residentMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    >> 10;
        }
    }

    int openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            return (int) files.count();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Classes come from folders here: to load one takes a descriptor, and one that could not be loaded stays away. */
    private static void rehearse(InetSocketAddress place) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(place);
            client.getOutputStream().write(1);
            client.getInputStream().read();
            client.shutdownOutput();
            client.getInputStream().read();
        }
    }

    public static void main(String[] args) throws IOException {
        Backend backend = Backend.of("vm", "127.0.0.11", Integer.parseInt(args[2]));
        Backend probed = Backend.of("probed", "127.0.0.12", Integer.parseInt(args[3]));
        ForwarderBuilder builder = Forwarders.builder(
                Transport.valueOf(args[0]),
                LoadBalancingRule.of("web", Forwarders.TCP, BackendPool.of("web", backend)));
        int maxFlows = Integer.parseInt(args[1]);
        if (maxFlows > 0) {
            builder.maxFlows(maxFlows);
        }
        try (Forwarder forwarder = builder.build();
                LoadBalancer balancer = LoadBalancer.builder("probed")
                        .backends(probed)
                        .probe(HealthProbe.tcp())
                        .schedule(ProbeSchedule.defaults()
                                .withInterval(Duration.ofMillis(500))
                                .withTimeout(Duration.ofMillis(500)))
                        .build()) {
            rehearse(forwarder.boundAddress("web"));
            System.out.println(forwarder.boundAddress("web").getPort());
            while (System.in.read() >= 0) {} // until the parent ends
        }
    }
}
