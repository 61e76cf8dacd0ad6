package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.evenkeel.netty.rule.LoadBalancingRule;
import io.evenkeel.netty.rule.ServerNames;
import io.evenkeel.pool.BackendPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;

/** Three backends behind one front end: {@code shop} and {@code api} by the server's name, and {@code web} for all others. */
final class NamedVms implements AutoCloseable {
    final TcpVm web = saying("web", "127.0.0.11");
    final TcpVm shop = saying("shop", "127.0.0.12");
    final TcpVm api = saying("api", "127.0.0.13");

    NamedVms() throws IOException {}

    /** Says its name, and then sends back what it gets. */
    static TcpVm saying(String name, String ip) throws IOException {
        return new TcpVm(name, ip, socket -> {
            socket.getOutputStream().write((name + "|").getBytes(ISO_8859_1));
            TcpVm.ECHO.serve(socket);
        });
    }

    ServerNames names() {
        return ServerNames.of(Map.of("shop.test", pool(shop), "*.api.test", pool(api)));
    }

    LoadBalancingRule rule(ServerNames names) {
        return LoadBalancingRule.of("https", Forwarders.TCP, pool(web)).withServerNames(names);
    }

    static BackendPool pool(TcpVm vm) {
        return BackendPool.of("pool of " + vm.backend().id(), vm.backend());
    }

    /** Sends something in pieces of that length, ends, and reads whatever comes back. */
    static String answer(Forwarder forwarder, byte[] sent, int pieceLength) throws IOException {
        try (Socket client = Forwarders.connect(forwarder, "https")) {
            client.setTcpNoDelay(true);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            Thread reading = new Thread(() -> read(client, answer));
            reading.start();
            for (int at = 0; at < sent.length; at += pieceLength) {
                client.getOutputStream().write(sent, at, Math.min(pieceLength, sent.length - at));
            }
            client.shutdownOutput();
            reading.join();
            return answer.toString(ISO_8859_1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void read(Socket client, ByteArrayOutputStream answer) {
        try {
            client.getInputStream().transferTo(answer);
        } catch (IOException e) {
            answer.writeBytes(e.toString().getBytes(ISO_8859_1));
        }
    }

    /** Who served a client that began like this: a backend, an alert, or a reset. */
    static String server(Forwarder forwarder, byte[] sent) throws IOException {
        try {
            String answer = answer(forwarder, sent, sent.length);
            boolean isAlert = answer.startsWith("\25\3\3\0\2\2") && answer.length() == 7;
            return isAlert ? "alert " + (int) answer.charAt(6) : answer.replaceFirst("(?s)\\|.*", "");
        } catch (SocketException e) {
            return e.toString(); // before it had sent all
        }
    }

    @Override
    public void close() throws IOException {
        web.close();
        shop.close();
        api.close();
    }
}
