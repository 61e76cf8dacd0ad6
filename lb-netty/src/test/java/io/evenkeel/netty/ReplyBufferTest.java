package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where replies are read to. */
@Tag("netty")
class ReplyBufferTest {
    private final ReplyBuffer replies = new ReplyBuffer();

    @AfterEach
    void release() {
        replies.release();
    }

    @Test
    void aReplyIsReadBehindThoseThatAreNotSent() {
        ByteBuf first = read(42);

        ByteBuf second = read(43);

        assertEquals(42, first.getByte(0));
        assertEquals(43, second.getByte(0));
        first.release();
        second.release();
    }

    @Test
    void itBeginsAnewWhenAllAreSent() {
        ByteBuf before = replies.room();
        read(42).release();

        ByteBuf after = replies.room();

        assertSame(before, after);
        assertEquals(0, after.writerIndex());
    }

    @Test
    void whatCouldNotBeSentKeepsItsBuffer() {
        ByteBuf unsent = read(42);
        ByteBuf full = replies.room();
        full.writerIndex(full.capacity() - Datagrams.MAX_LENGTH + 1);

        assertFalse(replies.hasRoom());
        ByteBuf other = replies.room();

        assertNotSame(full, other);
        assertTrue(other.writableBytes() >= Datagrams.MAX_LENGTH);
        assertEquals(42, unsent.getByte(0));
        unsent.release();
        assertEquals(0, full.refCnt(), "it is given back with the last of them");
    }

    private ByteBuf read(int value) {
        ByteBuf room = replies.room();
        room.writeByte(value);
        return room.retainedSlice(room.writerIndex() - 1, 1);
    }
}
