package io.evenkeel.netty;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What all connections of an event loop share to carry bytes over. On that event loop only. */
final class RelaySpace {
    /** What fits the second cache of a core: larger ones take fewer calls, and each byte longer. */
    private static final int BUFFER_BYTES = 128 << 10;

    private final int maxPipes;
    private @Nullable ByteBuffer buffer;
    private int pipes;

    RelaySpace(int maxPipes) {
        this.maxPipes = maxPipes;
    }

    /** For whoever reads now, until the next one does. */
    ByteBuffer buffer() {
        ByteBuffer made = buffer;
        if (made == null) { // whoever carries datagrams only needs none
            made = ByteBuffer.allocateDirect(BUFFER_BYTES);
            buffer = made;
        }
        return made;
    }

    /** For what has to be kept. */
    ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    /** Null if the sockets have none, or there are enough, or no descriptor is left: then it goes without. */
    @Nullable
    TcpPipe openPipe(TcpSocket from, TcpSocket to) {
        if (pipes >= maxPipes) {
            return null;
        }
        try {
            TcpPipe pipe = from.pipeTo(to);
            pipes += pipe == null ? 0 : 1;
            return pipe;
        } catch (IOException | LinkageError e) { // perhaps none even to load its class
            return null;
        }
    }

    void close(TcpPipe pipe) {
        pipe.close();
        pipes--;
    }
}
