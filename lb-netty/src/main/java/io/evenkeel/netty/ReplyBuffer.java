package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Where all flows of one front end read replies to, one after the other, until those are sent and it begins anew. On one event
 * loop only.
 */
final class ReplyBuffer {
    /** Replies are short, as a rule; for the longest, a few. */
    private static final int CAPACITY = 4 * Datagrams.MAX_LENGTH;

    private @Nullable ByteBuf buffer;

    /** Whether there is room for a reply of any length; if not, what was read should be sent first. */
    boolean hasRoom() {
        ByteBuf made = buffer;
        return made == null || made.refCnt() == 1 || made.writableBytes() >= Datagrams.MAX_LENGTH;
    }

    /** With room for a reply of any length. Where what was read before could not be sent, that keeps its buffer. */
    ByteBuf room() {
        if (!hasRoom()) {
            release();
        }
        ByteBuf made = buffer;
        if (made == null) {
            made = ByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY);
            buffer = made;
        } else if (made.refCnt() == 1) {
            made.clear();
        }
        return made;
    }

    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
