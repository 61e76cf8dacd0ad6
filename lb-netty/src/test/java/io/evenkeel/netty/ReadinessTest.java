package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.testing.Await;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;

/** What handles of epoll are told: the same, whether epoll or io_uring tells it. */
@Tag("netty")
class ReadinessTest {
    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    void whatStaysUnreadIsToldAgain(Transport transport) throws IOException {
        try (UnreadPipe pipe = new UnreadPipe(transport)) {
            pipe.await(EpollIoOps.EPOLLIN);

            pipe.send();

            Await.until("it is told three times", () -> pipe.told() >= 3);
        }
    }

    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    void anEdgeIsToldOnce(Transport transport) throws IOException {
        try (UnreadPipe pipe = new UnreadPipe(transport)) {
            pipe.await(EDGES);

            pipe.send();
            Await.until("the first is told", () -> pipe.told() >= 1);
            pipe.lookForEvents();
            assertEquals(1, pipe.told());

            pipe.send();
            Await.until("the second is told", () -> pipe.told() >= 2);
            pipe.lookForEvents();
            assertEquals(2, pipe.told());
        }
    }

    @ParameterizedTest
    @TransportsHere(onlyNative = true)
    void whatIsNotAwaitedIsNotTold(Transport transport) throws IOException {
        try (UnreadPipe pipe = new UnreadPipe(transport)) {
            pipe.await(EpollIoOps.EPOLLIN);
            pipe.await(EpollIoOps.NONE);

            pipe.send();
            pipe.lookForEvents();
            assertEquals(0, pipe.told());

            pipe.await(EpollIoOps.EPOLLIN);
            Await.until("it is told", () -> pipe.told() >= 1);
        }
    }

    /** A pipe on an event loop of its own, whose output nobody reads. */
    private static final class UnreadPipe implements EpollIoHandle, AutoCloseable {
        private final EventLoops loops;
        private final IoEventLoop loop;
        private final FileDescriptor output;
        private final FileDescriptor input;
        private final IoRegistration registration;
        private final AtomicInteger told = new AtomicInteger();

        UnreadPipe(Transport transport) throws IOException {
            loops = new EventLoops(transport, 1);
            loop = loops.all().get(0);
            FileDescriptor[] ends = FileDescriptor.pipe();
            output = ends[0];
            input = ends[1];
            registration = loop.register(this).syncUninterruptibly().getNow();
        }

        void await(EpollIoOps ops) {
            EventLoops.runOn(loop, () -> registration.submit(ops));
            lookForEvents();
        }

        void send() throws IOException {
            assertEquals(1, input.write(ByteBuffer.allocateDirect(1), 0, 1));
        }

        /** Returns when the loop has done so a few times. */
        void lookForEvents() {
            for (int i = 0; i < 10; i++) {
                EventLoops.closeOn(loop, () -> {});
            }
        }

        int told() {
            return told.get();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            told.incrementAndGet();
        }

        @Override
        public FileDescriptor fd() {
            return output;
        }

        @Override
        public void close() throws IOException {
            input.close();
            if (loop.inEventLoop()) {
                output.close(); // the last thing that the loop does
            } else {
                loops.close();
            }
        }
    }
}
