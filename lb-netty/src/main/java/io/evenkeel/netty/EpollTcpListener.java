package io.evenkeel.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A socket for each event loop, among which Linux spreads the connections: none changes its thread. */
final class EpollTcpListener implements TcpListener {
    private final List<Socket> sockets = new ArrayList<>();

    private EpollTcpListener() {}

    static EpollTcpListener open(
            List<IoEventLoop> loops, InetSocketAddress address, boolean keepAlive, Acceptor acceptor)
            throws IOException {
        EpollTcpListener listener = new EpollTcpListener();
        try {
            InetSocketAddress bound = address;
            for (IoEventLoop loop : loops) {
                Socket socket = new Socket(loop, acceptor, address.getAddress() instanceof Inet6Address);
                listener.sockets.add(socket);
                socket.bind(bound, keepAlive, listener.sockets.size() > 1);
                bound = socket.address();
            }
            for (Socket socket : listener.sockets) {
                EventLoops.callOn(socket.loop, socket::listen);
            }
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return sockets.get(0).address();
    }

    @Override
    public void start() {
        for (Socket socket : sockets) {
            EventLoops.runOn(socket.loop, socket::start);
        }
    }

    @Override
    public void keepAlive(boolean isOn) {
        for (Socket socket : sockets) {
            EventLoops.runOn(socket.loop, () -> socket.keepAlive(isOn));
        }
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            if (!EventLoops.closeOn(socket.loop, socket::close)) {
                socket.closeFile(); // perhaps the loop has never had it
            }
        }
    }

    private static final class Socket implements EpollIoHandle {
        private static final EpollIoOps NOTHING = EpollIoOps.EPOLLET; // stays registered

        private final byte[] peer = new byte[25]; // an address as Netty writes it: its length, then its bytes
        private final IoEventLoop loop;
        private final Acceptor acceptor;
        private final LinuxSocket socket;
        private @Nullable InetSocketAddress address;
        private @Nullable IoRegistration registration;
        private boolean closed;

        Socket(IoEventLoop loop, Acceptor acceptor, boolean isIpv6) {
            this.loop = loop;
            this.acceptor = acceptor;
            this.socket = LinuxSocket.newSocketStream(isIpv6);
        }

        void bind(InetSocketAddress wanted, boolean keepAlive, boolean isAnother) throws IOException {
            socket.setReuseAddress(true);
            // What is accepted inherits these.
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(keepAlive);
            // The first shares its port only once it has it, so that a port of somebody else's is not shared by
            // accident.
            if (isAnother) {
                socket.setReusePort(true);
            }
            socket.bind(wanted);
            socket.setReusePort(true);
            address = socket.localAddress();
        }

        InetSocketAddress address() {
            if (address == null) {
                throw new IllegalStateException("not bound");
            }
            return address;
        }

        void listen() throws IOException {
            socket.listen(BACKLOG);
            registration = Registrations.register(loop, this, NOTHING);
        }

        void start() {
            if (registration != null && !closed) {
                registration.submit(EpollIoOps.EPOLLIN);
            }
        }

        void keepAlive(boolean isOn) {
            try {
                if (!closed) {
                    socket.setKeepAlive(isOn);
                }
            } catch (IOException e) {
                acceptor.failed(e);
            }
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            try {
                for (int i = 0; i < AT_A_TIME && !closed; i++) {
                    int accepted = socket.accept(peer);
                    if (accepted < 0) {
                        return;
                    }
                    accept(LinuxSocket.newSocket(accepted));
                }
            } catch (IOException e) {
                registration.submit(NOTHING);
                loop.schedule(this::start, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                acceptor.failed(e);
            }
        }

        private void accept(LinuxSocket accepted) {
            InetSocketAddress remote = NativeInetAddress.address(peer, 1, peer[0]);
            InetSocketAddress local = address();
            if (local.getAddress().isAnyLocalAddress()) {
                local = accepted.localAddress();
            }
            acceptor.accept(loop, EpollTcpSocket.accepted(accepted, remote), local);
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void close() {
            closed = true;
            closeFile();
            if (registration != null) {
                registration.cancel();
            }
        }

        private void closeFile() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone in any case.
            }
        }
    }
}
