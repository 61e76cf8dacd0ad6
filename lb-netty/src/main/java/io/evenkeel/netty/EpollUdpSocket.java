package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A UDP socket of Linux. */
final class EpollUdpSocket implements UdpSocket, EpollIoHandle, Runnable {
    private final LinuxSocket socket;
    private @Nullable IoRegistration registration;
    private @Nullable Owner owner; // null before and after

    private EpollUdpSocket(LinuxSocket socket) {
        this.socket = socket;
    }

    static EpollUdpSocket open(boolean isIpv6) throws IOException {
        LinuxSocket socket = LinuxSocket.newSocketDgram(isIpv6);
        try {
            socket.setReceiveBufferSize(Datagrams.SOCKET_BUFFER);
            socket.setSendBufferSize(Datagrams.SOCKET_BUFFER);
            return new EpollUdpSocket(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void connect(InetSocketAddress backend) throws IOException {
        socket.connect(backend);
    }

    @Override
    public void register(Owner owner) throws IOException {
        this.owner = owner;
        this.registration = Registrations.register(owner.loop(), this, EpollIoOps.EPOLLIN);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (owner != null) {
            owner.readable(); // also to hear of a failure
        }
    }

    @Override
    public int read(ByteBuf into) throws IOException {
        int from = into.writerIndex();
        int bytes = socket.recvAddress(into.memoryAddress(), from, from + Datagrams.MAX_LENGTH);
        if (bytes > 0) {
            into.writerIndex(from + bytes);
            return bytes;
        }
        return bytes < 0 ? 0 : NONE; // Netty takes an empty datagram for the end of a stream
    }

    @Override
    public void send(ByteBuf datagram) throws IOException {
        if (datagram.hasMemoryAddress()) {
            socket.sendAddress(datagram.memoryAddress(), datagram.readerIndex(), datagram.writerIndex());
            return;
        }
        ByteBuf direct = ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, datagram.readableBytes()));
        try {
            send(direct.writeBytes(datagram));
        } finally {
            direct.release();
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void close() {
        Owner told = owner;
        owner = null;
        if (told == null) {
            run();
            return;
        }
        try {
            told.loop().execute(this); // as a TCP socket: events of this turn must not meet another with its descriptor
        } catch (RejectedExecutionException e) { // the loop has had its last turn
            run();
        }
    }

    /** Closes it. */
    @Override
    public void run() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
        if (registration != null) {
            registration.cancel();
        }
    }
}
