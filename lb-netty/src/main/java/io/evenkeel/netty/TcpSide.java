package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One of the two connections of a flow: what it reads, it writes to its peer, and never faster than the peer sends. On the
 * event loop of the flow only.
 */
final class TcpSide extends ChannelInboundHandlerAdapter {
    /** Small, so that many slow readers cost little, and enough to keep a socket busy until the next read. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 64 << 10);

    private final TcpFlow flow;
    private final SocketChannel channel;
    private @Nullable TcpSide peer;
    private @Nullable Deque<ByteBuf> early;
    private long bytesForwarded;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean outputFailed;
    private boolean closed;

    private TcpSide(TcpFlow flow, SocketChannel channel) {
        this.flow = flow;
        this.channel = channel;
    }

    /** Takes a channel over: sets its options and becomes its handler. */
    static TcpSide of(TcpFlow flow, SocketChannel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        // A failed write must not close the channel: what the other end sent before it broke off is still to be read.
        channel.config().setAutoClose(false);
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        TcpSide side = new TcpSide(flow, channel);
        channel.pipeline().addLast(side);
        return side;
    }

    SocketChannel channel() {
        return channel;
    }

    long bytesForwarded() {
        return bytesForwarded;
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    boolean isClosed() {
        return closed;
    }

    /** From now on what is read goes there, what was read before first. */
    void relayTo(TcpSide peer) {
        this.peer = peer;
        if (early != null) {
            early.forEach(data -> forward(data, peer));
            early = null;
            peer.channel.flush();
        }
        if (inputEnded) {
            passEndOn(peer);
        } else {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        flow.active(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (peer != null) {
            forward(data, peer);
        } else {
            // Nobody asked for it: with epoll, the end of the input brings along what came before it.
            if (early == null) {
                early = new ArrayDeque<>();
            }
            early.add(data);
        }
    }

    private void forward(ByteBuf data, TcpSide to) {
        if (to.outputEnded || to.outputFailed || flow.isOver()) {
            data.release();
            return;
        }
        bytesForwarded += data.readableBytes();
        to.channel.write(data, to.channel.voidPromise());
        if (!to.channel.isWritable()) {
            to.channel.flush();
            if (!to.channel.isWritable()) {
                channel.config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flow.touch();
        if (peer != null) {
            peer.channel.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        flow.touch();
        if (peer != null && channel.isWritable() && !peer.inputEnded && !outputFailed && !flow.isOver()) {
            peer.channel.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded();
        } else if (event == ChannelOutputShutdownEvent.INSTANCE && !outputEnded) {
            outputFailed();
        }
    }

    private void inputEnded() {
        inputEnded = true;
        channel.config().setAutoRead(false);
        if (peer != null) {
            passEndOn(peer);
        }
    }

    private void passEndOn(TcpSide to) {
        if (outputFailed) {
            flow.broken(this); // it refused what it was sent, so this is not a clean end
            return;
        }
        to.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                to.endOutput();
            }
        });
    }

    private void endOutput() {
        outputEnded = true;
        channel.shutdownOutput().addListener(ended -> {
            if (ended.isSuccess()) {
                flow.outputEnded();
            } else {
                flow.broken(this);
            }
        });
    }

    /** What it sent before may still be in its input, and is delivered; what it is sent is lost. */
    private void outputFailed() {
        if (outputFailed) {
            return;
        }
        outputFailed = true;
        if (inputEnded) {
            flow.broken(this);
        } else if (peer != null) {
            peer.channel.config().setAutoRead(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ChannelOutputShutdownException || cause instanceof ClosedChannelException) {
            outputFailed();
        } else if (cause instanceof IOException) {
            flow.broken(this);
        } else {
            flow.fault(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        releaseEarly();
        flow.closed(this);
    }

    private void releaseEarly() {
        if (early != null) {
            early.forEach(ByteBuf::release);
            early = null;
        }
    }

    void close() {
        channel.close();
    }

    /** Closes with a reset. */
    void abort() {
        try {
            channel.config().setSoLinger(0);
        } catch (ChannelException e) {
            // It is closed already, or was never open.
        }
        channel.close();
    }

    /** Closes with a reset, after what was written has been handed to the system. */
    void abortAfterFlush() {
        channel.config().setAutoRead(false);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushedOrNot -> abort());
    }
}
