package io.evenkeel.netty;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that never blocks, by the interface of one {@link Transport}. Has no pipeline, no promises and no buffers of
 * its own: what a forwarder does with a connection is little, and each object and each system call on its way is felt.
 *
 * <p>On the event loop that it is registered with only.
 */
interface TcpSocket {
    /** Told what happens to a socket, between its registration and its end. */
    interface Owner {
        /**
         * Something has happened. {@code isReadable}: to read may bring bytes, the end, or a failure. {@code isWritable}: to
         * write may help, or a connection is made or has failed. {@code isEnding}: nothing more will come after what is there.
         */
        void ready(boolean isReadable, boolean isWritable, boolean isEnding);

        /**
         * The connection was reset, or has failed otherwise; what it sent before may still be there. Told before the same
         * is told as ready, by sockets that hear of it without reading.
         */
        default void broken() {}
    }

    /** Where the other end is. */
    InetSocketAddress remoteAddress();

    /** Sets what is not set yet; what is set for the sockets that a listener accepts is set there. */
    void configure(boolean keepAlive) throws IOException;

    /** Begins to connect; fails at once where there is no way, and with a {@link BindException} where no local port is left. */
    void connect(InetSocketAddress address) throws IOException;

    /** Whether the connection is made now; fails when it cannot be. */
    boolean finishConnect() throws IOException;

    /** Has the owner told. Some sockets tell of all that happens, the others of what is {@linkplain #await awaited}. */
    void register(IoEventLoop loop, Owner owner) throws IOException;

    /** From now on somebody else is told. */
    void giveTo(Owner owner);

    /** What is to be told from now on. */
    void await(boolean toRead, boolean toWrite);

    /** How many bytes were read into a direct buffer; 0 for none now, -1 for the end. */
    int read(ByteBuffer into) throws IOException;

    /** Whether urgent data has come, which cuts what is read: less than was asked for need not be all that is there. */
    default boolean hasUrgentData() {
        return false; // it makes no difference to sockets that tell again of what is left
    }

    /** Writes as much of a direct buffer as the socket takes now. */
    void write(ByteBuffer from) throws IOException;

    /** A way past our own memory to another socket of this kind; null where there is none. */
    default @Nullable TcpPipe pipeTo(TcpSocket other) throws IOException {
        return null;
    }

    /** Says that nothing more will be written. */
    void endOutput() throws IOException;

    /** Ends the connection. A second call does nothing, here and below. */
    void close();

    /** Ends it with a reset. */
    void reset();
}
