package io.evenkeel.benchmarks.forward;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * All services, in a process of its own, whose processor time is nobody's but theirs. Prints one port for each in one line and
 * ends with its input.
 */
public final class Backends {
    private static final int BACKLOG = 4096;

    private final ByteBuffer received = ByteBuffer.allocateDirect(64 << 10);
    private final ByteBuffer answers = ByteBuffer.allocateDirect(64 << 10);

    private Backends() {}

    /** No arguments. */
    public static void main(String[] args) throws IOException {
        Selector selector = Selector.open();
        int[] ports = new int[Service.values().length];
        for (Service service : new Service[] {Service.ANSWER, Service.ANSWER_ONCE}) {
            ServerSocketChannel listening = listen();
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT, service);
            ports[service.ordinal()] = port(listening.getLocalAddress());
        }
        ServerSocketChannel counting = listen();
        ports[Service.COUNT.ordinal()] = port(counting.getLocalAddress());
        DatagramChannel echoing = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ports[Service.ECHO.ordinal()] = port(echoing.getLocalAddress());

        start(() -> new Backends().answer(selector));
        start(() -> acceptCounted(counting));
        start(() -> echo(echoing));
        StringBuilder line = new StringBuilder();
        for (int port : ports) {
            line.append(port).append(' ');
        }
        System.out.println(line.toString().strip());
        while (System.in.read() >= 0) {
            // Nothing is expected but the end.
        }
    }

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    private static int port(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(Selector selector) throws IOException {
        while (true) {
            selector.select(this::handle);
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    accepted.register(key.selector(), SelectionKey.OP_READ, key.attachment());
                }
                return;
            }
            SocketChannel client = (SocketChannel) key.channel();
            int bytes = client.read(received.clear());
            if (bytes < 0) {
                client.close();
                return;
            }
            // A request comes in one piece: it is small, and sent at once.
            answers.clear().limit(bytes / Service.REQUEST_BYTES * Service.ANSWER_BYTES);
            client.write(answers);
            if (key.attachment() == Service.ANSWER_ONCE) {
                client.close();
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private static void acceptCounted(ServerSocketChannel listening) throws IOException {
        while (true) {
            SocketChannel accepted = listening.accept();
            start(() -> count(accepted));
        }
    }

    private static void count(SocketChannel accepted) throws IOException {
        try (accepted) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(512 << 10);
            long total = 0;
            for (int n = accepted.read(buffer); n >= 0; n = accepted.read(buffer.clear())) {
                total += n;
            }
            accepted.write(buffer.clear().putLong(total).flip());
        }
    }

    private static void echo(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
        while (true) {
            SocketAddress from = channel.receive(buffer.clear());
            channel.send(buffer.flip(), from);
        }
    }
}
