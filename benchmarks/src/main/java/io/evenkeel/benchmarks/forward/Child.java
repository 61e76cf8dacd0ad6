package io.evenkeel.benchmarks.forward;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a measurement, with all that it starts. Ends with this one at the latest. */
final class Child implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // of /proc on every Linux of today

    private final Process process;
    private final BufferedReader output;
    private final Thread atExit;

    private Child(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        this.atExit = new Thread(() -> all().forEach(ProcessHandle::destroyForcibly));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Child start(List<String> command) throws IOException {
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The command line of a program of this class path. */
    static List<String> java(Class<?> main, String options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException(
                    "a process ended: " + process.info().commandLine().orElse("java"));
        }
        return line;
    }

    void writeLine(String line) throws IOException {
        process.outputWriter(StandardCharsets.US_ASCII)
                .append(line)
                .append('\n')
                .flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Processor time until now, of user and system. */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        for (ProcessHandle one : all().toList()) {
            String stat = Files.readString(Path.of("/proc", String.valueOf(one.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** What is in memory now. */
    long residentKib() throws IOException {
        long kib = 0;
        for (ProcessHandle one : all().toList()) {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(one.pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    kib += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kib;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            all().forEach(ProcessHandle::destroyForcibly);
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
