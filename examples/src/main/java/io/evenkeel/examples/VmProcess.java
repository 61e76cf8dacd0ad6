package io.evenkeel.examples;

import io.evenkeel.availability.AvailabilitySet;
import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One virtual machine: an operating-system process on a loopback address of its own. */
final class VmProcess implements AutoCloseable {
    private static final AvailabilitySet SET = AvailabilitySet.of(3, 2).withName("tutorial");

    private final String name;
    private final String ip;
    private final int number;
    private @Nullable Process process;

    /** Numbers count from 1, as in the tutorial: three fault domains and two update domains, in turn. */
    VmProcess(int number) {
        this.name = "myVM" + number;
        this.ip = "127.0.0." + (10 + number);
        this.number = number;
    }

    String name() {
        return name;
    }

    /** How the pool knows it. */
    Backend backend() {
        return SET.place(number - 1, Backend.of(name, ip, Vm.WEB_PORT));
    }

    void start() throws IOException {
        start(Vm.class);
    }

    /** Runs another program than {@link Vm}; it is told name, address and {@code more}. */
    void start(Class<?> program, String... more) throws IOException {
        // Small and quick to start; three of them fit beside a build.
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                name,
                ip));
        command.addAll(List.of(more));
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    long pid() {
        return process == null ? -1 : process.pid();
    }

    /** {@code kill -9}: no goodbye, the kernel resets its connections. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** {@code kill}: asks the process to end, and waits until it has. */
    void terminate() throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
    }

    /** {@code kill -STOP}: the process hangs, and its kernel goes on to complete handshakes. */
    void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** {@code kill -CONT}. */
    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code =
                new ProcessBuilder("kill", name, String.valueOf(pid())).start().waitFor();
        if (code != 0) {
            throw new IOException("kill " + name + " " + pid() + " ended with " + code);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
