package io.evenkeel.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, at most one request, and as much of the answer as a verdict needs, but never more than 8 KiB. The
 * connection is closed as soon as the result is there, also when the result is that somebody cancelled.
 */
final class ProbeExchange {
    /** As much as any honest status line and headers need. */
    private static final int MAX_READ = 8 * 1024;

    /** Judges what has been received so far; null asks for more. */
    interface Judge {
        @Nullable
        ProbeResult judge(String received, boolean isEnd, boolean isFull);
    }

    private final AsynchronousSocketChannel socket;
    private final CompletableFuture<ProbeResult> result = new CompletableFuture<>();

    private ProbeExchange(AsynchronousSocketChannel socket) {
        this.socket = socket;
        result.whenComplete((r, e) -> close());
    }

    /** Good as soon as the connection stands. */
    static CompletableFuture<ProbeResult> connect(ProbeTarget target, InetSocketAddress address) {
        return begin(target, address, exchange -> exchange.result.complete(ProbeResult.good("connected")));
    }

    /** Connects, sends the request, and reads until the judge has a verdict. */
    static CompletableFuture<ProbeResult> ask(
            ProbeTarget target, InetSocketAddress address, byte[] request, Judge judge) {
        return begin(target, address, exchange -> exchange.write(ByteBuffer.wrap(request), judge));
    }

    private static CompletableFuture<ProbeResult> begin(
            ProbeTarget target, InetSocketAddress address, Consumer<ProbeExchange> then) {
        ProbeExchange exchange;
        try {
            exchange = new ProbeExchange(target.openSocket());
        } catch (IOException e) {
            return CompletableFuture.completedFuture(ProbeResult.failed(e));
        }
        exchange.socket.connect(address, null, exchange.new Step<Void>(connected -> then.accept(exchange)));
        return exchange.result;
    }

    private void write(ByteBuffer request, Judge judge) {
        socket.write(request, null, new Step<Integer>(written -> {
            if (request.hasRemaining()) {
                write(request, judge);
            } else {
                read(ByteBuffer.allocate(MAX_READ), judge);
            }
        }));
    }

    private void read(ByteBuffer received, Judge judge) {
        socket.read(received, null, new Step<Integer>(count -> {
            // One char a byte: an answer in any encoding keeps its line breaks and digits.
            String text = StandardCharsets.ISO_8859_1
                    .decode(received.duplicate().flip())
                    .toString();
            ProbeResult verdict = judge.judge(text, count < 0, !received.hasRemaining());
            if (verdict == null) {
                read(received, judge);
            } else {
                result.complete(verdict);
            }
        }));
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The verdict stands, and there is nobody who could do anything about a socket that does not close.
        }
    }

    /** What comes next when an operation has succeeded; a failure of any of them is the verdict. */
    private final class Step<T> implements CompletionHandler<T, @Nullable Void> {
        private final Consumer<T> next;

        Step(Consumer<T> next) {
            this.next = next;
        }

        @Override
        public void completed(T value, @Nullable Void attachment) {
            try {
                next.accept(value);
            } catch (RuntimeException e) {
                result.complete(ProbeResult.failed(e));
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void attachment) {
            result.complete(ProbeResult.failed(cause));
        }
    }
}
