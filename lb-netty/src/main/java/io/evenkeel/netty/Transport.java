package io.evenkeel.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which interface of the operating system moves the bytes. What is asked for by name and is not available is refused when a
 * forwarder is built.
 */
public enum Transport {
    /**
     * The first of these that is available: {@link #EPOLL}, {@link #NIO}. Never {@link #IO_URING}: measured here, it was cheaper
     * for new connections and dearer for streams and datagrams.
     */
    AUTO,
    /** The one of the JDK; works everywhere, and is the only one on macOS and Windows. */
    NIO,
    /** The native one of Linux: needs {@code io.netty:netty-transport-native-epoll} for this processor. */
    EPOLL,
    /**
     * {@link #EPOLL}'s sockets with events that come by io_uring: two system calls fewer for each connection, the same ones to
     * read and to write. Needs what EPOLL needs, {@code io.netty:netty-transport-native-io_uring} for this processor, and Linux
     * 5.19 or newer that allows it; many containers do not.
     */
    IO_URING;

    /** What AUTO means here. */
    Transport resolve() {
        if (this == AUTO) {
            return Epoll.isAvailable() ? EPOLL : NIO;
        }
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new IllegalArgumentException(
                    "transport: " + this + " (expected: one that is available here; AUTO would take " + AUTO.resolve()
                            + ")",
                    cause);
        }
        return this;
    }

    /** Why it cannot be had here; null if it can be. */
    @Nullable
    Throwable unavailabilityCause() {
        return switch (this) {
            case AUTO, NIO -> null;
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> {
                if (!Epoll.isAvailable() || !IoUring.isAvailable()) {
                    yield Epoll.isAvailable() ? IoUring.unavailabilityCause() : Epoll.unavailabilityCause();
                }
                yield IoUring.isPollAddMultishotEnabled()
                        ? null
                        : new UnsupportedOperationException("this system cannot go on polling after an event");
            }
        };
    }

    /** Whether its sockets are those of Netty's epoll. */
    boolean isNative() {
        return this == EPOLL || this == IO_URING;
    }

    IoHandlerFactory ioHandlers() {
        return TidyLoop.factory(
                switch (this) {
                    case EPOLL -> SteadyEpoll.newFactory();
                    case IO_URING -> RingEpoll.newFactory();
                    case AUTO, NIO -> NioIoHandler.newFactory();
                });
    }

    /** A socket for a connection to there. */
    TcpSocket connectingSocket(InetSocketAddress address) throws IOException {
        return isNative() ? EpollTcpSocket.to(address) : NioTcpSocket.to(address);
    }
}
