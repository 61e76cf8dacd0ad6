package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is on the way out of a connection: what its socket does not take at once waits here, in memory or in a pipe of the
 * system. On the event loop of the flow only.
 */
final class TcpOutput {
    private final TcpSocket socket;
    private final RelaySpace space;
    private @Nullable ByteBuf waiting;
    private @Nullable TcpPipe pipe; // from the other connection, while that has much to send

    TcpOutput(TcpSocket socket, RelaySpace space) {
        this.socket = socket;
        this.space = space;
    }

    /** Whether the socket has not taken yet what it was given. */
    boolean isBlocked() {
        return waiting != null || (pipe != null && !pipe.isEmpty());
    }

    /** Writes what the socket takes now, and keeps the rest. */
    void write(ByteBuffer data) throws IOException {
        socket.write(data);
        if (data.hasRemaining()) {
            waiting = space.allocator().directBuffer(data.remaining()).writeBytes(data);
        }
    }

    /** Keeps a copy of this for the next {@link #flush}. */
    void keep(ByteBuf data) {
        ByteBuf kept = waiting == null ? space.allocator().directBuffer(data.readableBytes()) : waiting;
        waiting = kept.writeBytes(data);
    }

    /** Writes what the socket takes now of what has waited; whether it took any. */
    boolean flush() throws IOException {
        if (waiting != null) {
            return flush(waiting);
        }
        return pipe != null && pipe.drain() > 0;
    }

    private boolean flush(ByteBuf data) throws IOException {
        ByteBuffer bytes = data.internalNioBuffer(data.readerIndex(), data.readableBytes());
        int before = bytes.remaining();
        socket.write(bytes);
        int written = before - bytes.remaining();
        data.skipBytes(written);
        if (!data.isReadable()) {
            releaseWaiting();
        }
        return written > 0;
    }

    /** Where it has no pipe, opens one if it can. */
    void pipeFrom(TcpSocket source) {
        if (pipe == null) {
            pipe = space.openPipe(source, socket);
        }
    }

    @Nullable
    TcpPipe pipe() {
        return pipe;
    }

    /** Gives back what only a busy connection is worth. */
    void rest() {
        if (pipe != null && pipe.isEmpty()) {
            releasePipe();
        }
    }

    /** Nothing more goes out, not even what waits. */
    void release() {
        releaseWaiting();
        releasePipe();
    }

    private void releaseWaiting() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }

    private void releasePipe() {
        if (pipe != null) {
            space.close(pipe);
            pipe = null;
        }
    }
}
