package io.evenkeel.health;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS over another wire, without a thread of its own: each step ends in the callback of the next. */
final class TlsWire implements Wire {
    /** A handshake with a long chain takes some 10 KiB; what goes on beyond this is no honest server. */
    private static final int MAX_RECEIVED = 128 * 1024;

    private static final String BROKEN_OFF = "the backend broke off the TLS handshake";
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Wire plain;
    private final SSLEngine engine;
    private final Executor tasks;
    private final Consumer<Throwable> failure;
    private final ByteBuffer sending;
    private final ByteBuffer received; // ready to be appended to, except within unwrap
    private final ByteBuffer opened; // likewise
    private int receivedSoFar;

    /**
     * A wire that has yet to shake hands.
     *
     * @param tasks runs what may take long, such as the verification of certificates
     * @param failure ends the exchange
     */
    TlsWire(Wire plain, SSLEngine engine, Executor tasks, Consumer<Throwable> failure) {
        this.plain = plain;
        this.engine = engine;
        this.tasks = tasks;
        this.failure = failure;
        int packet = engine.getSession().getPacketBufferSize();
        this.sending = ByteBuffer.allocate(packet);
        this.received = ByteBuffer.allocate(packet);
        this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    /** Agrees on keys and verifies the other side. */
    void handshake(Runnable then) {
        step(() -> {
            engine.beginHandshake();
            goOn(then);
        });
    }

    @Override
    public void write(ByteBuffer bytes, Runnable then) {
        if (bytes.hasRemaining()) {
            step(() -> wrap(bytes, () -> write(bytes, then)));
        } else {
            then.run();
        }
    }

    @Override
    public void read(ByteBuffer into, IntConsumer then) {
        if (opened.position() > 0) {
            opened.flip();
            int count = Math.min(opened.remaining(), into.remaining());
            into.put(opened.slice().limit(count));
            opened.position(opened.position() + count).compact();
            then.accept(count);
        } else if (engine.isInboundDone()) {
            then.accept(-1);
        } else {
            step(() -> {
                Status status = unwrap();
                while (status == Status.OK && opened.position() == 0 && !isShaking()) {
                    status = unwrap(); // a loop: records may be empty, and many
                }
                if (status == Status.BUFFER_UNDERFLOW) {
                    receive(() -> read(into, then), () -> then.accept(-1));
                } else {
                    goOn(() -> read(into, then)); // keys are renewed and tickets handed out at any time
                }
            });
        }
    }

    /** Does what the handshake wants next, until it wants nothing. */
    private void goOn(Runnable then) throws SSLException {
        while (isWaiting()) {
            Status status = unwrap();
            if (status == Status.BUFFER_UNDERFLOW) {
                receive(() -> step(() -> goOn(then)), () -> failure.accept(new SSLException(BROKEN_OFF)));
                return;
            }
            if (status == Status.CLOSED) {
                throw new SSLException(BROKEN_OFF);
            }
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            wrap(NOTHING.duplicate(), () -> step(() -> goOn(then)));
        } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            tasks.execute(() -> step(() -> {
                for (Runnable task = next(); task != null; task = next()) {
                    task.run();
                }
                goOn(then);
            }));
        } else {
            then.run();
        }
    }

    private boolean isShaking() {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private boolean isWaiting() {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NEED_UNWRAP_AGAIN;
    }

    private @Nullable Runnable next() {
        return engine.getDelegatedTask();
    }

    private void wrap(ByteBuffer bytes, Runnable then) throws SSLException {
        sending.clear();
        engine.wrap(bytes, sending);
        plain.write(sending.flip(), then);
    }

    private Status unwrap() throws SSLException {
        received.flip();
        Status status;
        try {
            status = engine.unwrap(received, opened).getStatus();
        } finally {
            received.compact();
        }
        if (status == Status.BUFFER_OVERFLOW) {
            throw new SSLException("record too large");
        }
        return status;
    }

    private void receive(Runnable then, Runnable atEnd) {
        plain.read(received, count -> {
            receivedSoFar += Math.max(0, count);
            if (receivedSoFar > MAX_RECEIVED) {
                failure.accept(new SSLException("more than " + MAX_RECEIVED + " bytes"));
            } else if (count < 0) {
                atEnd.run();
            } else {
                then.run();
            }
        });
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (SSLException | RuntimeException e) {
            failure.accept(e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws SSLException;
    }
}
