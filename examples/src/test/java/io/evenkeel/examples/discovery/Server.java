package io.evenkeel.examples.discovery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

/** A process that listens on a port of loopback, and can be killed and started again. */
final class Server implements AutoCloseable {
    private final List<String> command;
    private final Question question;
    private final Path log;
    private Process process;

    /** Whether it serves: to listen is not enough for one that has to read its data first. */
    interface Question {
        boolean isAnswered() throws IOException, InterruptedException;
    }

    /** Starts it, and waits until it answers. */
    Server(List<String> command, Question question, Path log) throws IOException {
        this.command = command;
        this.question = question;
        this.log = log;
        start();
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Await.until("it answers", this::answers);
    }

    private boolean answers() {
        assertTrue(process.isAlive(), () -> "it runs; see " + log);
        try {
            return question.isAnswered();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
