package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** A UDP socket of the JDK. */
final class NioUdpSocket implements UdpSocket, NioIoHandle {
    private final DatagramChannel channel;
    private @Nullable InetSocketAddress backend;
    private @Nullable IoRegistration registration;
    private @Nullable Owner owner;
    private boolean closed;

    private NioUdpSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    static NioUdpSocket open(boolean isIpv6) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(isIpv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, Datagrams.SOCKET_BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, Datagrams.SOCKET_BUFFER);
            return new NioUdpSocket(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void connect(InetSocketAddress backend) throws IOException {
        this.backend = backend;
        channel.connect(backend);
    }

    @Override
    public void register(Owner owner) throws IOException {
        this.owner = owner;
        this.registration = Registrations.register(owner.loop(), this, NioIoOps.READ);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (!closed && owner != null) {
            owner.readable();
        }
    }

    @Override
    public int read(ByteBuf into) throws IOException {
        int from = into.writerIndex();
        ByteBuffer room = into.internalNioBuffer(from, Datagrams.MAX_LENGTH);
        int start = room.position();
        SocketAddress sender = channel.receive(room); // read() would not tell an empty datagram from none
        if (sender == null || !sender.equals(backend)) {
            return NONE; // somebody else's; if there is more, the event loop tells again
        }
        int bytes = room.position() - start;
        into.writerIndex(from + bytes);
        return bytes;
    }

    @Override
    public void send(ByteBuf datagram) throws IOException {
        if (!datagram.isReadable() && channel.isConnected()) {
            // From a connected socket the JDK sends nothing. Connecting it again would throw away replies.
            channel.disconnect();
        }
        channel.send(datagram.nioBuffer(), backend);
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
        if (registration != null) {
            registration.cancel();
        }
    }
}
