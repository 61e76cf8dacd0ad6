package io.evenkeel.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Which interface of the operating system moves the bytes. */
public enum Transport {
    /** {@link #EPOLL} where it is available, {@link #NIO} elsewhere. */
    AUTO,
    /** The one of the JDK; works everywhere. */
    NIO,
    /** The native one of Linux: needs {@code io.netty:netty-transport-native-epoll} for this processor. */
    EPOLL;

    /** What AUTO means here. */
    Transport resolve() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
            case NIO -> NIO;
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalArgumentException(
                            "transport: EPOLL (expected: one that is available here; AUTO would take NIO)",
                            Epoll.unavailabilityCause());
                }
                yield EPOLL;
            }
        };
    }

    IoHandlerFactory ioHandlers() {
        return TidyLoop.factory(this == EPOLL ? SteadyEpoll.newFactory() : NioIoHandler.newFactory());
    }

    /** A socket for a connection to there. */
    TcpSocket connectingSocket(InetSocketAddress address) throws IOException {
        return this == EPOLL ? EpollTcpSocket.to(address) : NioTcpSocket.to(address);
    }
}
