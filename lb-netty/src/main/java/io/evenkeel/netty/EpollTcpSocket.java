package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A connection of Linux. Registered edge-triggered, so that what it waits for need not be told to epoll each time. */
final class EpollTcpSocket implements TcpSocket, EpollIoHandle, Runnable {
    private static final EpollIoOps URGENT = EpollIoOps.valueOf(2); // EPOLLPRI, which Netty has no name for
    private static final EpollIoOps ONE_WAY = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET)
            .with(URGENT);
    private static final EpollIoOps BOTH_WAYS = ONE_WAY.with(EpollIoOps.EPOLLOUT);
    private static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLERR);
    private static final EpollIoOps OUTPUT = EpollIoOps.EPOLLOUT.with(EpollIoOps.EPOLLERR);
    private static final EpollIoOps ENDING = EpollIoOps.EPOLLRDHUP.with(EpollIoOps.EPOLLERR);

    private final LinuxSocket socket;
    private final InetSocketAddress remoteAddress;
    private @Nullable IoEventLoop loop;
    private @Nullable IoRegistration registration;
    private @Nullable Owner owner;
    private boolean tellsOutput;
    private boolean hasUrgentData;
    private boolean closed;

    private EpollTcpSocket(LinuxSocket socket, InetSocketAddress remoteAddress) {
        this.socket = socket;
        this.remoteAddress = remoteAddress;
    }

    static EpollTcpSocket accepted(LinuxSocket socket, InetSocketAddress remoteAddress) {
        return new EpollTcpSocket(socket, remoteAddress);
    }

    static EpollTcpSocket to(InetSocketAddress address) {
        boolean isIpv6 = address.getAddress() instanceof Inet6Address;
        return new EpollTcpSocket(LinuxSocket.newSocketStream(isIpv6), address);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void configure(boolean keepAlive) throws IOException {
        socket.setTcpNoDelay(true);
        if (keepAlive) {
            socket.setKeepAlive(true);
        }
    }

    @Override
    public void connect(InetSocketAddress address) throws IOException {
        tellsOutput = true;
        try {
            socket.connect(address);
        } catch (ConnectException e) {
            // So soon nobody can have refused it, and no way is told otherwise.
            throw (IOException) new BindException(e.getMessage()).initCause(e);
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        return socket.finishConnect();
    }

    @Override
    public void register(IoEventLoop loop, Owner owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        this.registration = Registrations.register(loop, this, tellsOutput ? BOTH_WAYS : ONE_WAY);
    }

    @Override
    public void giveTo(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void await(boolean toRead, boolean toWrite) {
        if (toWrite && !tellsOutput && !closed && registration != null) {
            tellsOutput = true; // for good: to take it back would be one more call
            registration.submit(BOTH_WAYS);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        hasUrgentData |= ops.contains(URGENT); // for good, since who has sent some may send more
        if (ops.contains(EpollIoOps.EPOLLERR) && !closed && owner != null) {
            owner.broken();
        }
        if (!closed && owner != null) {
            owner.ready(ops.contains(INPUT), ops.contains(OUTPUT), ops.contains(ENDING));
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int bytes = socket.recvAddress(Buffer.memoryAddress(into), into.position(), into.limit());
        if (bytes > 0) {
            into.position(into.position() + bytes);
        }
        return bytes;
    }

    @Override
    public boolean hasUrgentData() {
        return hasUrgentData;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        int bytes = socket.sendAddress(Buffer.memoryAddress(from), from.position(), from.limit());
        from.position(from.position() + bytes);
    }

    @Override
    public TcpPipe pipeTo(TcpSocket other) throws IOException {
        return new EpollTcpPipe(socket, ((EpollTcpSocket) other).socket);
    }

    @Override
    public void endOutput() throws IOException {
        try {
            socket.shutdown(false, true);
        } catch (NotYetConnectedException e) {
            throw new IOException("it was reset", e); // which Netty takes for a connection that is still to come
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (loop == null) {
            run();
        } else {
            // Not before all events are handled that epoll told along with this one: another connection would get the
            // descriptor meanwhile, and with it what is left of them.
            try {
                loop.execute(this);
            } catch (RejectedExecutionException e) {
                run(); // the loop ends, and handles no more events
            }
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

    @Override
    public void reset() {
        if (!closed) {
            try {
                socket.setSoLinger(0);
            } catch (IOException e) {
                // It was never connected, or is not any more.
            }
            close();
        }
    }
}
