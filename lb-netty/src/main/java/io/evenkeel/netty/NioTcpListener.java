package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One socket on one event loop, which gives what it accepts to all in turn. */
final class NioTcpListener implements TcpListener, NioIoHandle {
    private final List<IoEventLoop> loops;
    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private volatile boolean keepAlive;
    private final Acceptor acceptor;
    private @Nullable IoRegistration registration;
    private int next;

    private NioTcpListener(
            List<IoEventLoop> loops,
            ServerSocketChannel channel,
            InetSocketAddress address,
            boolean keepAlive,
            Acceptor acceptor) {
        this.loops = loops;
        this.channel = channel;
        this.address = address;
        this.keepAlive = keepAlive;
        this.acceptor = acceptor;
    }

    static NioTcpListener open(List<IoEventLoop> loops, InetSocketAddress address, boolean keepAlive, Acceptor acceptor)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            NioTcpListener listener = new NioTcpListener(
                    loops, channel, (InetSocketAddress) channel.getLocalAddress(), keepAlive, acceptor);
            EventLoops.callOn(loops.get(0), listener::register);
            return listener;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void register() throws IOException {
        registration = Registrations.register(loops.get(0), this, NioIoOps.NONE);
    }

    @Override
    public void start() {
        EventLoops.runOn(loops.get(0), this::resume);
    }

    private void resume() {
        if (registration != null && channel.isOpen()) {
            registration.submit(NioIoOps.ACCEPT);
        }
    }

    @Override
    public void keepAlive(boolean isOn) {
        keepAlive = isOn;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        try {
            for (int i = 0; i < AT_A_TIME && channel.isOpen(); i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                give(accepted);
            }
        } catch (IOException e) {
            registration.submit(NioIoOps.NONE);
            loops.get(0).schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            acceptor.failed(e);
        }
    }

    private void give(SocketChannel accepted) {
        IoEventLoop loop = loops.get(next);
        next = (next + 1) % loops.size();
        try {
            TcpSocket socket = NioTcpSocket.accepted(accepted);
            socket.configure(keepAlive);
            InetSocketAddress local = (InetSocketAddress) accepted.getLocalAddress();
            loop.execute(() -> acceptor.accept(loop, socket, local));
        } catch (IOException | RuntimeException e) {
            try {
                accepted.close(); // it is broken already, or the loop has ended
            } catch (IOException suppressed) {
                // It is gone in any case.
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void close() {
        EventLoops.closeOn(loops.get(0), () -> {
            try {
                channel.close();
            } catch (IOException e) {
                // It is gone in any case.
            }
            if (registration != null) {
                registration.cancel();
            }
        });
    }
}
