package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/** The datagram sockets of front ends, and what those of flows have in common with them: room for any datagram. */
final class Datagrams {
    /** The largest length an IP packet can have; the payload of a datagram is a little less. */
    static final int MAX_LENGTH = 65_535;

    /** How many datagrams are read in one turn, by a front end with epoll in one system call. */
    static final int BATCH = 16;

    /** What such a batch may come to. */
    static final int BATCH_LENGTH = BATCH * MAX_LENGTH;

    /** Bursts wait in the kernel while the event loop is busy elsewhere; the kernel grants what it is configured for. */
    static final int SOCKET_BUFFER = 4 << 20;

    private static final AttributeKey<java.nio.channels.DatagramChannel> NIO_SOCKET =
            AttributeKey.valueOf(Datagrams.class, "socket");

    private Datagrams() {}

    /** A socket for an address of this family. */
    static DatagramChannel open(Transport transport, InetAddress address) throws IOException {
        boolean six = address instanceof Inet6Address;
        DatagramChannel channel;
        if (!transport.isNative()) {
            java.nio.channels.DatagramChannel socket = java.nio.channels.DatagramChannel.open(
                    six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            channel = new NioDatagramChannel(socket);
            channel.attr(NIO_SOCKET).set(socket);
        } else {
            channel = new EpollDatagramChannel(six ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
            channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_LENGTH);
        }
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_LENGTH));
        channel.config().setOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER);
        channel.config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
        return channel;
    }

    /** Has a socket of epoll read whole batches into a buffer that others use, too. With NIO there are no batches. */
    static void readInto(DatagramChannel channel, ReceiveBuffer buffer) {
        if (channel instanceof EpollDatagramChannel) {
            channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, buffer);
        }
    }

    /** Lets other sockets of this user have the same address, and the system spread clients over all of them. */
    static void shareAddress(DatagramChannel channel) {
        if (channel instanceof EpollDatagramChannel) {
            channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
        }
    }

    /** Writes a payload, which is released, without a flush. What fails is told to the channel's handler. */
    static void write(DatagramChannel channel, ByteBuf payload, InetSocketAddress to) {
        if (!payload.isReadable()) {
            payload.release();
            sendEmpty(channel, to);
        } else if (isClogged(channel)) {
            payload.release();
        } else {
            channel.write(new DatagramPacket(payload, to), channel.voidPromise());
        }
    }

    /** Whether the system did not take what was flushed before: for UDP, late is worse than lost. */
    private static boolean isClogged(DatagramChannel channel) {
        ChannelOutboundBuffer flushed = channel.unsafe().outboundBuffer();
        return flushed == null || flushed.size() > 0;
    }

    /** Netty drops empty datagrams, and with epoll miscounts those around them, so they do not go through it. */
    private static void sendEmpty(DatagramChannel channel, InetSocketAddress to) {
        try {
            if (channel instanceof EpollDatagramChannel epoll) {
                Socket socket = (Socket) epoll.fd();
                socket.sendTo(ByteBuffer.allocateDirect(0), 0, 0, to.getAddress(), to.getPort());
            } else {
                channel.attr(NIO_SOCKET).get().send(ByteBuffer.allocate(0), to);
            }
        } catch (IOException e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }
}
