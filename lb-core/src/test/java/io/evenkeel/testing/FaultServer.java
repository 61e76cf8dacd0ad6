package io.evenkeel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that answers every connection by a script of the test's: a thread for each connection. */
public final class FaultServer implements AutoCloseable {
    /** What to do with one connection; it is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        /** Does it. */
        void serve(Socket connection) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    private FaultServer(ServerSocket listener, Script script) {
        this.script = script;
        this.listener = listener;
        start("fault-server", this::accept);
    }

    /** A server on a free port. */
    public static FaultServer start(Script script) throws IOException {
        return new FaultServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    /** The same behind TLS, with the certificate of that name; see {@link Certificates}. */
    public static FaultServer startTls(String certificate, Script script) throws IOException {
        ServerSocket listener = Certificates.server(certificate)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return new FaultServer(listener, script);
    }

    /** A server that reads a request's headers and answers with {@code answer}, whatever it is. */
    public static FaultServer answering(String answer) throws IOException {
        return start(connection -> {
            readHeaders(connection);
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        });
    }

    /** Reads up to an empty line, and returns all of it. */
    public static String readHeaders(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** How many connections there were. */
    public int connections() {
        return connections.size();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                start("fault-server-connection", () -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            script.serve(connection);
        } catch (IOException e) {
            // The other side is gone, which is what some tests are about.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
