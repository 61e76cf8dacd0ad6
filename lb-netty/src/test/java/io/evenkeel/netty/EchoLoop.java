package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A backend for thousands of connections on one thread: sends back what it gets, which must be little at a time. */
final class EchoLoop implements AutoCloseable {
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private final String ip;

    EchoLoop(String ip) throws IOException {
        this.ip = ip;
        listening.bind(new InetSocketAddress(ip, 0), 4096).configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::run, "echo-loop");
        thread.setDaemon(true);
        thread.start();
    }

    Backend backend() {
        return Backend.of("loop", ip, port());
    }

    int port() {
        return listening.socket().getLocalPort();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::handle);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = listening.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                }
                return;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            if (channel.read(buffer.clear()) < 0) {
                channel.close();
                return;
            }
            channel.write(buffer.flip());
        } catch (IOException e) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
