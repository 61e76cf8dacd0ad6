package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The buffer that the socket of a front end reads into. What was read is on its way out again when the next batch is read, so
 * one will do; and a buffer for a batch of datagrams of any length is a dear thing to make: it took a sixth of all time.
 *
 * <p>For the same reason each turn reads one batch: what is left wakes the loop again, once this one was written.
 */
final class ReceiveBuffer implements RecvByteBufAllocator {
    private final int capacity;
    private @Nullable ByteBuf buffer;

    ReceiveBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** Where somebody still holds what was read, that keeps its buffer, and there is a new one. */
    private ByteBuf borrow(ByteBufAllocator allocator) {
        ByteBuf free = buffer;
        if (free == null || free.refCnt() > 1) {
            release();
            free = allocator.directBuffer(capacity, capacity);
            buffer = free;
        }
        return free.clear().retain();
    }

    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the only handle that Netty takes is made by this method
    public Handle newHandle() {
        return new OneBatch();
    }

    private final class OneBatch implements ExtendedHandle {
        private int attempted;
        private int last;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return borrow(allocator);
        }

        @Override
        public int guess() {
            return capacity;
        }

        @Override
        public void reset(ChannelConfig config) {}

        @Override
        public void incMessagesRead(int messages) {}

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return false;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
            return false;
        }

        @Override
        public void readComplete() {}
    }
}
