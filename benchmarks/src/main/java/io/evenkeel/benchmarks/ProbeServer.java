package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The backends of a measurement of probes, in a process of its own, whose processor time is nobody's but theirs: as many
 * ports of loopback as asked for, one thread, and 200 to everything. Prints its ports in one line and ends with its input.
 */
public final class ProbeServer {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer received = ByteBuffer.allocateDirect(8192);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER);

    private ProbeServer() {}

    /** {@code PORTS}, a number. */
    public static void main(String[] args) throws IOException {
        Selector selector = Selector.open();
        StringBuilder ports = new StringBuilder();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            ServerSocketChannel listening = ServerSocketChannel.open();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
            ports.append(' ').append(((InetSocketAddress) listening.getLocalAddress()).getPort());
        }
        System.out.println(ports.toString().strip());
        Thread server = new Thread(() -> new ProbeServer().serve(selector));
        server.setDaemon(true);
        server.start();
        while (System.in.read() >= 0) {
            // Nothing is expected but the end.
        }
    }

    private void serve(Selector selector) {
        try {
            while (true) {
                selector.select(this::handle);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.register(key.selector(), SelectionKey.OP_READ);
                }
            } else {
                // A request of ours comes in one piece.
                SocketChannel client = (SocketChannel) key.channel();
                if (client.read(received.clear()) > 0) {
                    client.write(answer.rewind());
                }
                client.close();
            }
        } catch (IOException e) {
            key.cancel();
        }
    }
}
