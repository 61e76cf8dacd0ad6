package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Backends, load, and the contenders between them, all up at once: an idle forwarder costs nothing. */
public final class Bench implements AutoCloseable {
    private static final String TOOL_OPTIONS = "-Xms128m -Xmx512m -XX:+UseSerialGC";

    private final Path directory = Files.createTempDirectory("evenkeel-forward");
    private final Child backends;
    private final Child load;
    private final int[] backendPorts;
    private final Map<Contender, Child> forwarders = new EnumMap<>(Contender.class);
    private final Map<Contender, int[]> frontPorts = new EnumMap<>(Contender.class);

    /** Starts all that are given. */
    public Bench(List<Contender> contenders) throws IOException {
        backends = Child.start(Child.java(Backends.class, TOOL_OPTIONS, List.of()));
        load = Child.start(Child.java(Load.class, TOOL_OPTIONS, List.of()));
        backendPorts = Arrays.stream(backends.readLine().split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        for (Contender contender : contenders) {
            start(contender);
        }
    }

    private void start(Contender contender) throws IOException {
        int[] front = freePorts();
        Path own = Files.createDirectory(directory.resolve(contender.words()));
        Child forwarder = Child.start(contender.command(own, front, backendPorts));
        forwarders.put(contender, forwarder);
        frontPorts.put(contender, front);
        for (int tries = 0; !accepts(front[0]); tries++) {
            if (tries > 500 || !forwarder.isAlive()) {
                throw new IOException(contender.words() + " does not listen");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Ports that nobody listens on now; they are taken at once. */
    private static int[] freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < Service.values().length; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Puts load on one contender for that time. */
    public Slice run(Contender contender, Work work, int millis) throws IOException {
        int port = frontPorts.get(contender)[work.service().ordinal()];
        Child forwarder = forwarders.get(contender);
        double before = forwarder.cpuSeconds();
        long[] done = ask(work + " " + port + " " + millis);
        return new Slice(done[0], done[1] / 1e9, forwarder.cpuSeconds() - before, done[2] / 1e3);
    }

    /**
     * How much memory, in KiB, each of so many connections takes that have made one request and are idle. As many come
     * before them: what a process takes for its first ones, such as its code, is no connection's.
     */
    public double idleKib(Contender contender, int connections) throws IOException {
        Child forwarder = forwarders.get(contender);
        String hold = "HOLD " + frontPorts.get(contender)[Service.ANSWER.ordinal()] + " " + connections;
        ask(hold);
        long before = forwarder.residentKib();
        ask(hold);
        double grown = forwarder.residentKib() - before;
        ask("DROP");
        return grown / connections;
    }

    private long[] ask(String line) throws IOException {
        load.writeLine(line);
        return Arrays.stream(load.readLine().split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Child forwarder : forwarders.values()) {
            forwarder.close();
        }
        load.close();
        backends.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
