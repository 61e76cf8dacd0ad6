package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a handle of epoll awaits, as a poll of io_uring: an operation that is under way until something happens. On its event
 * loop only.
 *
 * <p>A poll of what is awaited edge-triggered goes on and tells each edge. Any other tells once; the next is begun when the loop
 * looks for events again, and tells at once if what was told still holds.
 */
final class RingRegistration implements IoRegistration, IoUringIoHandle {
    // From linux/io_uring.h.
    private static final byte POLL_ADD = 6;
    private static final byte ASYNC_CANCEL = 14;
    private static final int MULTISHOT = 1;
    private static final int MORE = 2; // the operation goes on

    // From poll.h; those of epoll are the same. The last two are told whether awaited or not.
    private static final int IN = 0x1;
    private static final int PRI = 0x2;
    private static final int OUT = 0x4;
    private static final int RDHUP = 0x2000;
    private static final int ERR = 0x8;
    private static final int HUP = 0x10;
    private static final int ALWAYS = ERR | HUP;

    /** For each mixture, so that none is made while bytes flow. */
    private static final EpollIoEvent[] EVENTS = new EpollIoEvent[64];

    private final EpollIoHandle handle;
    private final Object attachment;
    private final Queue<RingRegistration> toPoll;
    private @Nullable IoRegistration ring;
    private EpollIoOps awaited = EpollIoOps.NONE;
    private @Nullable IoUringIoOps poll;
    private boolean isPolling;
    private long pollId;
    private short turn; // tells a poll from those that were cancelled before
    private boolean cancelled;

    /** A record, as Netty's own cannot be made outside. */
    private record Ready(EpollIoOps ops) implements EpollIoEvent {}

    static {
        for (int i = 0; i < EVENTS.length; i++) {
            int low = i & 0x1f;
            EVENTS[i] = new Ready(EpollIoOps.valueOf(i == low ? low : low | RDHUP));
        }
    }

    /** Puts itself into {@code toPoll} when it has to {@link #poll} again. */
    RingRegistration(EpollIoHandle handle, Object attachment, Queue<RingRegistration> toPoll) {
        this.handle = handle;
        this.attachment = attachment;
        this.toPoll = toPoll;
    }

    void registered(IoRegistration ring) {
        this.ring = ring;
        handle.registered();
    }

    @Override
    public long submit(IoOps ops) {
        EpollIoOps wanted = (EpollIoOps) ops;
        if (cancelled) {
            return -1;
        }
        if (!wanted.equals(awaited)) {
            endPoll();
            awaited = wanted;
            poll = null;
        }
        poll();
        return wanted.value();
    }

    /** Begins to poll what is awaited, unless it does already. */
    void poll() {
        int events = awaited.value() & (IN | PRI | OUT | RDHUP);
        if (isPolling || cancelled || events == 0 || ring == null) {
            return;
        }
        if (poll == null) {
            turn++;
            int length = awaited.contains(EpollIoOps.EPOLLET) ? MULTISHOT : 0;
            poll = operation(POLL_ADD, handle.fd().intValue(), 0, length, events, turn);
        }
        isPolling = true;
        pollId = ring.submit(poll);
    }

    private void endPoll() {
        if (isPolling && ring != null) {
            isPolling = false;
            ring.submit(operation(ASYNC_CANCEL, -1, pollId, 0, 0, turn));
        }
    }

    private static IoUringIoOps operation(byte code, int file, long address, int length, int events, short turn) {
        byte noFlags = 0;
        short none = 0;
        return new IoUringIoOps(code, noFlags, none, file, 0L, address, length, events, (long) turn, none, none, 0, 0L);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        if (!isPolling || completion.opcode() != POLL_ADD || completion.userData() != turn) {
            return; // of a poll that was ended
        }
        int result = completion.res();
        if ((completion.flags() & MORE) == 0) {
            isPolling = false;
            if (result >= 0) {
                toPoll.add(this);
            }
        }
        // Where the system has no memory for a poll, the handle finds out what still works.
        int told = awaited.value() | ALWAYS;
        handle.handle(this, event(result >= 0 ? result & told : told));
    }

    private static EpollIoEvent event(int events) {
        int low = events & 0x1f;
        return EVENTS[(events & RDHUP) == 0 ? low : low + 0x20];
    }

    @Override
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // as Netty declares it
    public <T> T attachment() {
        return (T) attachment;
    }

    @Override
    public boolean isValid() {
        return !cancelled;
    }

    @Override
    public boolean cancel() {
        if (cancelled) {
            return false;
        }
        endPoll();
        cancelled = true;
        if (ring != null) {
            ring.cancel();
        }
        handle.unregistered();
        return true;
    }

    @Override
    public void close() throws Exception {
        cancel();
        handle.close();
    }
}
