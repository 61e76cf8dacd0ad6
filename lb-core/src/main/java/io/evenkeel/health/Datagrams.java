package io.evenkeel.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** Questions by UDP: a socket for each, and one thread that waits for all answers. */
final class Datagrams implements AutoCloseable {
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(ProbeExchange.MAX_READ); // of the thread

    Datagrams(ThreadFactory threads) throws IOException {
        this.selector = Selector.open();
        threads.newThread(this::listen).start();
    }

    CompletableFuture<ProbeResult> ask(
            Optional<InetAddress> source, InetSocketAddress address, byte[] send, Function<byte[], ProbeResult> judge) {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        DatagramChannel socket;
        try {
            socket = DatagramChannel.open();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new NoSocketException(e));
        }
        try {
            result.whenComplete((r, e) -> close(socket));
            socket.configureBlocking(false);
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            // Connected, so that nobody else can answer, and so that a closed port is known at once.
            socket.connect(address);
            socket.register(selector, SelectionKey.OP_READ, new Question(socket, result, judge));
            selector.wakeup();
            socket.write(ByteBuffer.wrap(send));
        } catch (IOException | RuntimeException e) { // of an address that this system knows nothing of, too
            result.complete(ProbeResult.failed(e));
        }
        return result;
    }

    private void listen() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> ((Question) key.attachment()).read(buffer.clear()));
            }
        } catch (IOException | ClosedSelectorException e) {
            // Closed: whoever still waits for an answer has a deadline.
        }
    }

    /** The selector frees the descriptor when it comes round next, so it is woken. */
    private void close(DatagramChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The verdict stands.
        }
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        if (!selector.isOpen()) {
            return;
        }
        for (SelectionKey key : selector.keys()) {
            ((Question) key.attachment()).result.cancel(false);
        }
        selector.close();
    }

    private record Question(
            DatagramChannel socket, CompletableFuture<ProbeResult> result, Function<byte[], ProbeResult> judge) {

        void read(ByteBuffer buffer) {
            try {
                if (socket.receive(buffer) != null) { // unlike a count of bytes, it tells an empty answer from none
                    byte[] received = new byte[buffer.flip().remaining()];
                    buffer.get(received);
                    result.complete(judge.apply(received));
                }
            } catch (IOException | RuntimeException e) {
                result.complete(ProbeResult.failed(e));
            }
        }
    }
}
