package io.evenkeel.examples;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that writes the id of each call into a file before it does anything else: what it wrote outlives its process. An
 * answer goes out in one piece, since half of one cannot be told from a whole one that breaks off.
 */
public final class LedgerServer {
    private static final long LONG_NANOS = 50_000_000;

    private final FileChannel ledger;

    private LedgerServer(FileChannel ledger) {
        this.ledger = ledger;
    }

    /** {@code NAME IP LEDGER}: serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        LedgerServer server = new LedgerServer(
                FileChannel.open(Path.of(args[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        ServerSocket listening = new ServerSocket(Vm.WEB_PORT, 256, InetAddress.getByName(args[1]));
        daemon(() -> server.accept(listening));
        while (System.in.read() >= 0) {
            // Nothing is ever said: only the end matters.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket connection = listening.accept();
                connection.setTcpNoDelay(true);
                daemon(() -> serve(connection));
            }
        } catch (IOException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                answer(in, connection, request);
            }
        } catch (IOException e) {
            // The client is gone, and so is the connection.
        }
    }

    private void answer(InputStream in, Socket connection, String request) throws IOException {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Id: ")) {
                ledger.write(StandardCharsets.US_ASCII.encode(header.substring(4) + "\n"));
            } else if (header.startsWith("Content-Length: ")) {
                length = Integer.parseInt(header.substring(16));
            }
        }
        in.skipNBytes(length);
        if (request.contains(" /long ")) {
            LockSupport.parkNanos(LONG_NANOS);
        }
        connection
                .getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell".getBytes(StandardCharsets.US_ASCII));
    }

    /** Without its end; empty at the end of the stream, too. */
    private static String line(InputStream in) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(8192);
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.put((byte) next);
        }
        return StandardCharsets.US_ASCII.decode(line.flip()).toString().stripTrailing();
    }
}
