package io.evenkeel.netty;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the system says of the TCP sockets at some addresses, whichever process has them. */
final class TcpSockets {
    private static final String TIME_WAIT = "06";
    private static final String LISTEN = "0A";

    private final String network;

    /** Of all addresses in 127.a.b.0/24. */
    TcpSockets(int a, int b) {
        network = "%02X%02X7F".formatted(b, a); // the last byte comes first
    }

    /** Waits until each connection is closed on both sides; one that a side has forgotten is in CLOSE_WAIT (08). */
    void awaitNone() {
        try {
            Await.until("no connection is open", Duration.ofMinutes(1), () -> open().isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError("still open: " + open(), e);
        }
    }

    private List<String> open() {
        return lines().filter(line -> !List.of(TIME_WAIT, LISTEN).contains(state(line)))
                .toList();
    }

    private Stream<String> lines() {
        try {
            // Those of the JDK are of the second kind, with addresses that are mapped.
            return Stream.concat(
                            Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
                            Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
                    .map(String::trim)
                    .filter(line -> isOurs(line, 1) || isOurs(line, 2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOurs(String line, int field) {
        String address = line.split("\\s+", -1)[field];
        int end = address.indexOf(':');
        return end >= 8 && address.substring(end - 6, end).equals(network);
    }

    private static String state(String line) {
        return line.split("\\s+", -1)[3];
    }
}
