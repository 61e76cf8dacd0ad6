package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a system that is short of something, or slow, may answer to polls. */
@Tag("netty")
class RingRegistrationTest {
    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);
    private static final byte POLL_ADD = 6;
    private static final int IN = 1;
    private static final int OUT = 4;
    private static final int OUT_OF_MEMORY = -12;

    private final FakeRing ring = new FakeRing();
    private final FakeHandle handle = new FakeHandle();
    private final Queue<RingRegistration> toPoll = new ArrayDeque<>();
    private final RingRegistration registration = new RingRegistration(handle, "attachment", toPoll);

    RingRegistrationTest() {
        registration.registered(ring);
    }

    @Test
    void aPollThatTheSystemEndsIsBegunAgain() {
        registration.submit(EDGES);
        assertEquals(1, ring.operations);

        complete(IN, 1);
        assertEquals(List.of(EpollIoOps.EPOLLIN), handle.told);
        toPoll.remove().poll();

        assertEquals(2, ring.operations);
    }

    @Test
    void whatWasAwaitedBeforeIsNotTold() {
        registration.submit(EDGES);
        registration.submit(EpollIoOps.EPOLLOUT);
        assertEquals(3, ring.operations); // one of them ends the first

        complete(IN, 1);
        complete(OUT, 2);

        assertEquals(List.of(EpollIoOps.EPOLLOUT), handle.told);
    }

    @Test
    void aPollForWhichThereIsNoMemoryIsToldAsAFailureAndNotTriedForEver() {
        registration.submit(EDGES);

        complete(OUT_OF_MEMORY, 1);

        assertEquals(1, handle.told.size());
        assertTrue(handle.told.get(0).contains(EpollIoOps.EPOLLERR));
        assertNull(toPoll.peek());
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        registration.submit(EDGES);

        registration.cancel();
        complete(IN, 1);

        assertEquals(List.of(), handle.told);
        assertEquals(2, ring.operations); // the second ends the poll, which holds the file
        assertTrue(ring.cancelled);
    }

    /** As the system does when a poll is over; {@code poll} counts from 1. */
    private void complete(int result, int poll) {
        registration.handle(ring, new IoUringIoEvent(result, 0, POLL_ADD, (long) poll));
    }

    private static final class FakeRing implements IoRegistration {
        private int operations;
        private boolean cancelled;

        @Override
        public long submit(IoOps ops) {
            return ++operations;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty declares it
        public <T> T attachment() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isValid() {
            return !cancelled;
        }

        @Override
        public boolean cancel() {
            cancelled = true;
            return true;
        }
    }

    private static final class FakeHandle implements EpollIoHandle {
        private final List<EpollIoOps> told = new ArrayList<>();

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            told.add(((EpollIoEvent) event).ops());
        }

        @Override
        public FileDescriptor fd() {
            return new FileDescriptor(0);
        }

        @Override
        public void close() {}
    }
}
