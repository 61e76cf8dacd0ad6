package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Does the work of epoll by io_uring, for the same handles. What they await goes to the system in the call that waits for
 * events, any number at a time, where epoll needs a call for each. To read and to write are still calls of their own.
 *
 * <p>As long as something is polled, a file that was closed is still open to the system. So its port is free, and its peer
 * hears of it, when the event loop next looks for events.
 */
final class RingEpoll implements IoHandler {
    private final IoHandler ring;
    private final IoHandler epoll; // for its attachment, which nobody else can make
    private final Object attachment;
    private final Queue<RingRegistration> toPoll = new ArrayDeque<>();

    private RingEpoll(IoHandler ring, IoHandler epoll, Object attachment) {
        this.ring = ring;
        this.epoll = epoll;
        this.attachment = attachment;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory rings = IoUringIoHandler.newFactory();
        IoHandlerFactory epolls = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                IoHandler epoll = epolls.newHandler(executor);
                try {
                    Object attachment = epoll.register(new Nothing()).attachment();
                    return new RingEpoll(rings.newHandler(executor), epoll, attachment);
                } catch (Exception | Error e) {
                    epoll.destroy();
                    throw new IllegalStateException("no ring of io_uring", e);
                }
            }

            @Override
            public boolean isChangingThreadSupported() {
                return rings.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        RingRegistration registration = new RingRegistration((EpollIoHandle) handle, attachment, toPoll);
        registration.registered(ring.register(registration));
        return registration;
    }

    @Override
    public void initialize() {
        ring.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        for (RingRegistration next = toPoll.poll(); next != null; next = toPoll.poll()) {
            next.poll();
        }
        return ring.run(context);
    }

    @Override
    public void prepareToDestroy() {
        ring.prepareToDestroy();
    }

    @Override
    public void destroy() {
        ring.destroy();
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        ring.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return EpollIoHandle.class.isAssignableFrom(handleType);
    }

    /** Is registered, and awaits nothing. */
    private static final class Nothing implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return new FileDescriptor(0); // a key of a map with nothing else in it
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {}

        @Override
        public void close() {}
    }
}
