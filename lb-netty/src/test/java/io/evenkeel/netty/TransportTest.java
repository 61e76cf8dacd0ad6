package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which transport is taken. */
@Tag("netty")
class TransportTest {
    @Test
    void autoTakesEpollEvenWhereThereIsIoUring() {
        assertEquals(Transport.EPOLL, Transport.AUTO.resolve());
    }

    @Test
    void withoutNativeLibrariesAutoTakesNioAndTheOthersAreRefused() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dio.netty.transport.noNative=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Resolving.class.getName())
                .redirectErrorStream(true)
                .start();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(
                List.of(
                        "AUTO: NIO",
                        "NIO: NIO",
                        "EPOLL: transport: EPOLL (expected: one that is available here; AUTO would take NIO)",
                        "IO_URING: transport: IO_URING (expected: one that is available here; AUTO would take NIO)"),
                printed.lines().toList());
    }

    /** A program that prints what each transport comes to. */
    static final class Resolving {
        private Resolving() {}

        public static void main(String[] args) {
            for (Transport transport : Transport.values()) {
                System.out.println(transport + ": " + resolve(transport));
            }
        }

        private static String resolve(Transport transport) {
            try {
                return transport.resolve().name();
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }
    }
}
