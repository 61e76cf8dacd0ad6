package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two connections of a flow: what it reads, it writes to its peer, and never faster than the peer sends. On the
 * event loop of the flow only.
 *
 * <p>Reads into a buffer that all flows of the event loop share, so a connection that has nothing to send holds no memory; only
 * what a peer does not take at once is copied, and until it does nothing more is read.
 */
final class TcpSide implements TcpSocket.Owner {
    /** Small at first and for slow readers, since what they do not take must be kept; large for who takes all of it. */
    private static final int MIN_READ = 32 << 10;

    /** How often one side reads before the others on its event loop get their turn. */
    private static final int READS_AT_A_TIME = 16;

    /** How many reads must fill the buffer, one after the other, before a pipe is worth its system calls. */
    private static final int FULL_READS_FOR_PIPE = 16;

    private final TcpFlow flow;
    private final TcpFlows flows;
    private final TcpSocket socket;
    private final TcpOutput output;
    private @Nullable TcpConnecting connecting;
    private @Nullable TcpSide peer;
    private long bytesForwarded;
    private int readLimit = MIN_READ;
    private int fullReads;
    private boolean readable; // by what was told last
    private boolean ending;
    private boolean planned; // to go on reading
    private boolean inputEnded;
    private boolean endWanted;
    private boolean outputEnded;
    private boolean outputFailed;
    private boolean resetWanted;
    private boolean closed;

    TcpSide(TcpFlow flow, TcpFlows flows, TcpSocket socket) {
        this.flow = flow;
        this.flows = flows;
        this.socket = socket;
        this.output = new TcpOutput(socket, flows.space());
    }

    /** Begins to watch a connection that is there. Nothing is read until there is somebody to give it to. */
    void start(IoEventLoop loop) throws IOException {
        socket.register(loop, this);
    }

    /** The same for one that somebody else has watched so far. */
    void takeOver(boolean isEnding) {
        socket.giveTo(this);
        readable = true; // or not: to read tells
        ending = isEnding;
    }

    /** Begins to connect. */
    void connect(InetSocketAddress address, IoEventLoop loop, TcpConnecting connecting) throws IOException {
        this.connecting = connecting;
        socket.connect(address);
        socket.register(loop, this);
    }

    long bytesForwarded() {
        return bytesForwarded;
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    boolean isBlocked() {
        return output.isBlocked();
    }

    boolean isHalfClosed() {
        return inputEnded || outputEnded;
    }

    /** Writes what must come before all that is relayed. */
    void send(ByteBuf data) {
        output.keep(data);
        flush();
    }

    /** What it had read before it could relay was sent by somebody else. */
    void countForwarded(int bytes) {
        bytesForwarded += bytes;
    }

    /** From now on what is read goes there. */
    void relayTo(TcpSide peer) {
        this.peer = peer;
        relay();
    }

    @Override
    public void broken() {
        if (closed) {
            return;
        }
        if (peer == null && connecting == null) {
            flow.broken(this); // nobody would read it
        } else if (inputEnded) {
            flow.brokenAfterEnd(this); // nor this
        }
    }

    @Override
    public void ready(boolean isReadable, boolean isWritable, boolean isEnding) {
        if (closed) {
            return;
        }
        try {
            handle(isReadable, isWritable, isEnding);
        } catch (Throwable fault) {
            flow.fault(fault); // or it would take along what the event loop has to do for others
        }
    }

    private void handle(boolean isReadable, boolean isWritable, boolean isEnding) {
        ending |= isEnding;
        readable |= isReadable;
        if (connecting != null) {
            finishConnect(connecting);
            return;
        }
        if (isWritable && output.isBlocked()) {
            flush();
            if (peer != null) {
                peer.relay();
            }
        }
        if (isReadable) {
            relay();
        }
    }

    private void finishConnect(TcpConnecting attempt) {
        try {
            if (socket.finishConnect()) {
                connecting = null;
                attempt.connected(this);
            }
        } catch (IOException e) {
            attempt.failed(this, e);
        }
    }

    /** Carries over what is there, as long as the peer takes it. */
    private void relay() {
        TcpSide to = peer;
        if (to == null) {
            return;
        }
        for (int i = 0; mayRead(to); i++) {
            if (i == READS_AT_A_TIME) {
                relayLater();
                return;
            }
            TcpPipe pipe = to.output.pipe();
            if (!(pipe == null ? readOnce(to) : pipeOnce(to, pipe))) {
                break;
            }
        }
        await();
    }

    private void relayLater() {
        if (!planned) {
            planned = true;
            flows.later(this::relayOn);
        }
    }

    private void relayOn() {
        planned = false;
        try {
            relay();
        } catch (Throwable fault) {
            flow.fault(fault);
        }
    }

    private boolean mayRead(TcpSide to) {
        return readable && !inputEnded && !closed && !to.output.isBlocked() && !to.outputFailed && !flow.isOver();
    }

    /** False if there may be no more. */
    private boolean pipeOnce(TcpSide to, TcpPipe pipe) {
        int bytes;
        try {
            bytes = pipe.fill();
        } catch (IOException e) {
            readable = false;
            flow.broken(this);
            return false;
        }
        if (bytes == 0) {
            if (mayBeCut()) {
                return readOnce(to); // which tells the end from nothing, and gets past what is urgent
            }
            readable = false;
            return false;
        }
        flow.touch();
        bytesForwarded += bytes;
        to.flush();
        return true;
    }

    /** False if there may be no more. */
    private boolean readOnce(TcpSide to) {
        ByteBuffer data = flows.space().buffer().clear().limit(readLimit);
        int bytes;
        try {
            bytes = socket.read(data);
        } catch (IOException e) {
            readable = false;
            flow.broken(this);
            return false;
        }
        if (bytes <= 0) {
            readable = false;
            if (bytes < 0) {
                inputEnded(to);
            }
            return false;
        }
        boolean isFull = !data.hasRemaining();
        flow.touch();
        bytesForwarded += bytes;
        to.write(data.flip());
        if (isFull) {
            wasFull(to, data.capacity());
            return true;
        }
        fullReads = 0;
        readable = mayBeCut(); // otherwise there was less than asked for, so there is nothing now
        return readable;
    }

    /** Whether something may come right behind less than was asked for: its end, told along with it, or what is urgent. */
    private boolean mayBeCut() {
        return ending || socket.hasUrgentData();
    }

    private void wasFull(TcpSide to, int most) {
        readLimit = to.output.isBlocked() ? MIN_READ : Math.min(2 * readLimit, most);
        if (++fullReads >= FULL_READS_FOR_PIPE && !closed && !to.closed) {
            fullReads = 0;
            to.output.pipeFrom(socket);
        }
    }

    /** Gives back what only a busy connection is worth. */
    void rest() {
        output.rest();
    }

    private void write(ByteBuffer data) {
        try {
            output.write(data);
        } catch (IOException e) {
            outputFailed();
            return;
        }
        if (output.isBlocked()) {
            await();
        }
    }

    private void flush() {
        try {
            if (output.flush()) {
                flow.touch();
            }
        } catch (IOException e) {
            outputFailed();
            return;
        }
        if (output.isBlocked()) {
            await();
        } else if (resetWanted) {
            reset();
        } else {
            if (endWanted && !outputEnded) {
                endOutput();
            }
            await();
        }
    }

    private void inputEnded(TcpSide to) {
        if (outputFailed) {
            flow.broken(this); // it refused what it was sent, so this is not a clean end
            return;
        }
        inputEnded = true;
        to.endWanted = true;
        if (!to.output.isBlocked()) {
            to.endOutput();
        }
    }

    private void endOutput() {
        outputEnded = true;
        if (flow.outputEnded()) {
            return; // closing says so as well
        }
        try {
            socket.endOutput();
        } catch (IOException e) {
            outputFailed();
        }
    }

    /** What it sent before may still be in its input, and is delivered; what it is sent is lost. */
    private void outputFailed() {
        outputFailed = true;
        output.release();
        if (inputEnded || resetWanted) {
            flow.broken(this);
            reset();
        } else {
            readable = true;
            relay();
        }
    }

    private void await() {
        if (!closed) {
            boolean toRead = peer != null && !inputEnded && !peer.output.isBlocked() && !peer.outputFailed;
            socket.await(toRead, output.isBlocked());
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (!closed) {
            closed = true;
            output.release();
            socket.close();
            flow.closed();
        }
    }

    /** Closes with a reset. */
    void reset() {
        if (!closed) {
            closed = true;
            output.release();
            socket.reset();
            flow.closed();
        }
    }

    /** Closes with a reset, after what was written has been handed to the system. */
    void resetAfterFlush() {
        resetWanted = true;
        if (!output.isBlocked()) {
            reset();
        }
    }
}
