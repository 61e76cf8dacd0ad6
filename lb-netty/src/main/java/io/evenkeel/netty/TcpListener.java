package io.evenkeel.netty;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Listens at an address, and gives what it accepts to event loops. */
interface TcpListener {
    /** How many connections may wait to be accepted; the system may allow less. */
    int BACKLOG = 4096;

    /** How many are accepted before others on the event loop get their turn. */
    int AT_A_TIME = 64;

    /** How long it waits after it could not accept, as it cannot when no file descriptor is left. */
    long PAUSE_MILLIS = 100;

    /** Takes what was accepted. */
    interface Acceptor {
        /** On that event loop. {@code local} is the address that the client came to. */
        void accept(IoEventLoop loop, TcpSocket socket, InetSocketAddress local);

        /** It could not accept, and waits for a moment. */
        void failed(IOException cause);
    }

    /**
     * Opens the sockets, and accepts nothing yet; waits for the event loops, so it is not for them to call. What fails leaves
     * no socket open.
     */
    static TcpListener open(EventLoops loops, InetSocketAddress address, boolean keepAlive, Acceptor acceptor)
            throws IOException {
        return loops.transport().isNative()
                ? EpollTcpListener.open(loops.all(), address, keepAlive, acceptor)
                : NioTcpListener.open(loops.all(), address, keepAlive, acceptor);
    }

    /** Where it listens. */
    InetSocketAddress address();

    /** Begins to accept. */
    void start();

    /** Whether the system asks silent ends of what is accepted from now on whether they are still there. */
    void keepAlive(boolean isOn);

    /** From any thread. The socket is closed when it returns. */
    void close();
}
