package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection of the JDK. Tells of what is awaited, again and again until it is done. */
final class NioTcpSocket implements TcpSocket, NioIoHandle {
    private final SocketChannel channel;
    private final InetSocketAddress remoteAddress;
    private @Nullable IoRegistration registration;
    private @Nullable Owner owner;
    private NioIoOps awaited = NioIoOps.NONE;
    private boolean closed;

    private NioTcpSocket(SocketChannel channel, InetSocketAddress remoteAddress) {
        this.channel = channel;
        this.remoteAddress = remoteAddress;
    }

    static NioTcpSocket accepted(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new NioTcpSocket(channel, (InetSocketAddress) channel.getRemoteAddress());
    }

    static NioTcpSocket to(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        return new NioTcpSocket(channel, address);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void configure(boolean keepAlive) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (keepAlive) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    @Override
    public void connect(InetSocketAddress address) throws IOException {
        awaited = NioIoOps.CONNECT;
        if (channel.connect(address)) {
            awaited = NioIoOps.WRITE; // tells at once
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        return channel.isConnected() || channel.finishConnect();
    }

    @Override
    public void register(IoEventLoop loop, Owner owner) throws IOException {
        this.owner = owner;
        this.registration = Registrations.register(loop, this, awaited);
    }

    @Override
    public void giveTo(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void await(boolean toRead, boolean toWrite) {
        NioIoOps ops = toRead
                ? (toWrite ? NioIoOps.READ_AND_WRITE : NioIoOps.READ)
                : (toWrite ? NioIoOps.WRITE : NioIoOps.NONE);
        if (registration != null && !closed && !ops.equals(awaited)) {
            awaited = ops;
            registration.submit(ops);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        NioIoOps ops = ((NioIoEvent) event).ops();
        if (!closed && owner != null) {
            boolean isWritable = ops.contains(NioIoOps.WRITE) || ops.contains(NioIoOps.CONNECT);
            owner.ready(ops.contains(NioIoOps.READ), isWritable, false);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        channel.write(from);
    }

    @Override
    public void endOutput() throws IOException {
        channel.shutdownOutput();
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

    @Override
    public void reset() {
        if (!closed) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // It was never connected, or is not any more.
            }
            close();
        }
    }
}
