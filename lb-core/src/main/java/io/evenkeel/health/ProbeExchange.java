package io.evenkeel.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One connection, at most one request, and as much of the answer as a verdict needs, but never more than 8 KiB. The
 * connection is closed as soon as the result is there, also when the result is that somebody cancelled.
 */
final class ProbeExchange implements Wire {
    /** As much as any honest status line and headers need. */
    static final int MAX_READ = 8 * 1024;

    /** As much as most of them send; the rest of {@link #MAX_READ} is reached by doubling. */
    private static final int FIRST_READ = 512;

    /** Judges what has been received so far, one char for each byte; null asks for more. */
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
    static CompletableFuture<ProbeResult> connect(ProbeTarget target, ProbeRoute route) {
        return begin(target, route, exchange -> exchange.result.complete(ProbeResult.good("connected")));
    }

    /** Connects, sends the request, and reads until the judge has a verdict. */
    static CompletableFuture<ProbeResult> ask(ProbeTarget target, ProbeRoute route, byte[] request, Judge judge) {
        return begin(target, route, exchange -> exchange.ask(exchange, request, judge));
    }

    /** The same over TLS. */
    static CompletableFuture<ProbeResult> ask(
            ProbeTarget target, ProbeRoute route, ProbeTls tls, byte[] request, Judge judge) {
        return begin(target, route, exchange -> {
            SSLEngine engine = tls.engine(target.backend().address(), route.port());
            TlsWire wire = new TlsWire(exchange, engine, target.tasks(), exchange::fail);
            wire.handshake(() -> exchange.ask(wire, request, judge));
        });
    }

    private static CompletableFuture<ProbeResult> begin(
            ProbeTarget target, ProbeRoute route, Consumer<ProbeExchange> then) {
        ProbeExchange exchange;
        try {
            exchange = new ProbeExchange(target.openSocket());
        } catch (NoSocketException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(ProbeResult.failed(e));
        }
        ByteBuffer header = ByteBuffer.wrap(route.proxyHeader().bytes());
        try {
            if (route.source().isPresent()) {
                // The ports of one address are few, and those of connections that have just ended are as good as any.
                exchange.socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                exchange.socket.bind(new InetSocketAddress(route.source().get(), 0));
            }
            exchange.socket.connect(
                    target.address(route.port()),
                    null,
                    exchange
                    .new Step<@Nullable Void>(connected -> exchange.write(header, () -> then.accept(exchange))));
        } catch (IOException | RuntimeException e) {
            exchange.fail(e);
        }
        return exchange.result;
    }

    private void ask(Wire wire, byte[] request, Judge judge) {
        wire.write(ByteBuffer.wrap(request), () -> listen(wire, ByteBuffer.allocate(FIRST_READ), judge));
    }

    private void listen(Wire wire, ByteBuffer received, Judge judge) {
        wire.read(received, count -> {
            // One char a byte: an answer in any encoding keeps its line breaks and digits.
            String text = StandardCharsets.ISO_8859_1
                    .decode(received.duplicate().flip())
                    .toString();
            ProbeResult verdict = judge.judge(text, count < 0, text.length() == MAX_READ);
            if (verdict == null) {
                listen(wire, withRoom(received), judge);
            } else {
                result.complete(verdict);
            }
        });
    }

    private static ByteBuffer withRoom(ByteBuffer received) {
        return received.hasRemaining()
                ? received
                : ByteBuffer.allocate(2 * received.capacity()).put(received.flip());
    }

    @Override
    public void write(ByteBuffer bytes, Runnable then) {
        if (bytes.hasRemaining()) {
            socket.write(bytes, null, new Step<Integer>(count -> write(bytes, then)));
        } else {
            then.run();
        }
    }

    @Override
    public void read(ByteBuffer into, IntConsumer then) {
        socket.read(into, null, new Step<Integer>(then::accept));
    }

    private void fail(Throwable cause) {
        result.complete(ProbeResult.failed(cause));
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The verdict stands, and there is nobody who could do anything about a socket that does not close.
        }
    }

    /** What comes next when an operation has succeeded; a failure of any of them is the verdict. */
    private final class Step<T extends @Nullable Object> implements CompletionHandler<T, @Nullable Void> {
        private final Consumer<T> next;

        Step(Consumer<T> next) {
            this.next = next;
        }

        @Override
        public void completed(T value, @Nullable Void attachment) {
            try {
                next.accept(value);
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void attachment) {
            fail(cause);
        }
    }
}
