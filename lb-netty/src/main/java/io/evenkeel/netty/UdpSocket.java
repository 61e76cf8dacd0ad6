package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * A socket for the datagrams of one flow to its backend and back, by the interface of one {@link Transport}. It is connected,
 * so that the system drops what others send to it and tells when nobody listens. Small: there is one for each flow.
 *
 * <p>On the event loop that it is registered with only.
 */
interface UdpSocket {
    /** Nothing is there to be read. */
    int NONE = -1;

    /** Told that a datagram is there, or a failure, again and again until it is read. */
    interface Owner {
        void readable();

        /** The event loop of both. */
        IoEventLoop loop();
    }

    /** A socket that is not connected yet. */
    static UdpSocket open(Transport transport, InetSocketAddress backend) throws IOException {
        boolean isIpv6 = backend.getAddress() instanceof Inet6Address;
        return transport.isNative() ? EpollUdpSocket.open(isIpv6) : NioUdpSocket.open(isIpv6);
    }

    /** Takes the backend for the only other end; fails where there is no way. */
    void connect(InetSocketAddress backend) throws IOException;

    /** Has the owner told from now on. */
    void register(Owner owner) throws IOException;

    /**
     * Reads a datagram to the end of what is written in a direct buffer, which has room for any. Fails where the system has
     * been told that nobody listens, or that there is no way.
     *
     * @return its length, which may be 0, or {@link #NONE}
     */
    int read(ByteBuf into) throws IOException;

    /** Sends what is readable as one datagram; drops it if the system does not take it now, since late is worse than lost. */
    void send(ByteBuf datagram) throws IOException;

    /** Gives the socket back. A second call does nothing. */
    void close();
}
