package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for what a connection must begin with before it can be served, and not for ever. On its event loop only. */
final class FirstBytes implements TcpSocket.Owner {
    /** What a connection begins with, and what becomes of it then: it either goes on or is refused, once. */
    interface Beginning {
        /** What is waited for, as in "no PROXY header within 3000 ms". */
        String name();

        /** Whether that is enough to go on; may take from it what goes nowhere else. */
        boolean isEnough(ByteBuf seen) throws ProtocolException;

        /** Goes on with what was not taken, and takes that over. */
        void goOn(ByteBuf rest, boolean isEnding);

        /** Closes the connection. */
        void refuse(IOException cause);
    }

    /** More than most take, and not so much that it is worth a thought how long it is kept. */
    private static final int READ_BYTES = 4096;

    private final TcpSocket socket;
    private final TcpFlows flows;
    private final Beginning beginning;
    private final long timeoutMillis;
    private @Nullable Future<?> limit;
    private @Nullable ByteBuf seen;
    private boolean ending;
    private boolean over;

    FirstBytes(TcpSocket socket, TcpFlows flows, Beginning beginning, long timeoutMillis) {
        this.socket = socket;
        this.flows = flows;
        this.beginning = beginning;
        this.timeoutMillis = timeoutMillis;
    }

    /** Of a connection that was just accepted. */
    void start() {
        begin();
        try {
            if (!over) {
                socket.register(flows.loop(), this);
                socket.await(true, false);
            }
        } catch (IOException e) {
            refuse(e);
        }
    }

    /** Of one that somebody else has watched so far; {@code data} has come already, and is taken over. */
    void start(ByteBuf data, boolean isEnding) {
        seen = data;
        ending = isEnding;
        socket.giveTo(this);
        begin();
        read(data); // and whatever came after it: nobody may tell of that a second time
        if (!over) {
            socket.await(true, false);
        }
    }

    private void begin() {
        limit = flows.loop().schedule(this::timedOut, timeoutMillis, TimeUnit.MILLISECONDS);
        if (!flows.add(this)) {
            close();
        }
    }

    private void timedOut() {
        refuse(new FlowRefusedException("no " + beginning.name() + " within " + timeoutMillis + " ms"));
    }

    /** Of the forwarder or the front end. */
    void close() {
        refuse(new FlowRefusedException("the forwarder is closed"));
    }

    @Override
    public void ready(boolean isReadable, boolean isWritable, boolean isEnding) {
        ending |= isEnding;
        if (isReadable) {
            read(null);
        }
    }

    private void read(@Nullable ByteBuf first) {
        try {
            if (first != null && !over) {
                look(first);
            }
            while (!over && readOnce()) {}
        } catch (IOException e) {
            refuse(e);
        } catch (Throwable fault) {
            refuse(new IOException(fault));
            socket.reset(); // also if it has gone on, and failed there
        }
    }

    /** False if there is nothing more now. */
    private boolean readOnce() throws IOException {
        ByteBuffer data = flows.space().buffer().clear().limit(READ_BYTES);
        int bytes = socket.read(data);
        if (bytes > 0) {
            ByteBuf all = seen == null ? flows.space().allocator().directBuffer(bytes) : seen;
            seen = all;
            look(all.writeBytes(data.flip()));
        } else if (bytes < 0) {
            refuse(new FlowRefusedException("the other end left before its " + beginning.name() + " was complete"));
        }
        return bytes > 0;
    }

    private void look(ByteBuf all) throws ProtocolException {
        if (beginning.isEnough(all)) {
            seen = null; // given on
            end();
            socket.await(false, false); // until there is a backend to give it to
            beginning.goOn(all, ending);
        }
    }

    private void refuse(IOException cause) {
        if (!over) {
            end();
            beginning.refuse(cause);
        }
    }

    private void end() {
        over = true;
        flows.remove(this);
        if (limit != null) {
            limit.cancel(false);
        }
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }
}
