package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the header of a trusted proxy, and then gives the connection on as that of the client it names. */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
    private final TcpEntrance entrance;
    private final SocketChannel channel;
    private final TcpFlows flows;
    private final Flow own;
    private final long timeoutMillis;
    private @Nullable Future<?> limit;
    private @Nullable ByteBuf seen;
    private boolean over;

    ProxyHeaderReader(TcpEntrance entrance, SocketChannel channel, TcpFlows flows, Flow own, long timeoutMillis) {
        this.entrance = entrance;
        this.channel = channel;
        this.flows = flows;
        this.own = own;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        limit = channel.eventLoop()
                .schedule(
                        () -> refuse("no PROXY header within " + timeoutMillis + " ms"),
                        timeoutMillis,
                        TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (over) {
            data.release();
            return;
        }
        // Copied only if the header comes in pieces.
        ByteBuf all = seen == null ? data : append(seen, data);
        seen = all;
        Proxied proxied;
        try {
            proxied = ProxyDecoder.decode(all);
        } catch (ProtocolException e) {
            refuse(e.getMessage());
            return;
        }
        if (proxied != null) {
            done(proxied, all);
        }
    }

    private ByteBuf append(ByteBuf all, ByteBuf data) {
        ByteBuf joined = channel.alloc()
                .buffer(all.readableBytes() + data.readableBytes())
                .writeBytes(all)
                .writeBytes(data);
        all.release();
        data.release();
        return joined;
    }

    private void done(Proxied proxied, ByteBuf rest) {
        seen = null; // given on
        end();
        channel.config().setAutoRead(false); // until there is a backend to give it to
        channel.pipeline().remove(this);
        InetSocketAddress source = proxied.source();
        InetSocketAddress destination = proxied.destination();
        Flow addresses = source == null || destination == null ? own : new Flow(Protocol.TCP, source, destination);
        entrance.proxied(channel, flows, addresses, rest);
    }

    private void refuse(@Nullable String why) {
        if (!over) {
            end();
            entrance.refuse(channel, own.source(), new FlowRefusedException(String.valueOf(why)));
        }
    }

    private void end() {
        over = true;
        if (limit != null) {
            limit.cancel(false);
        }
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refuse("the proxy left before its header was complete");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(cause.getMessage());
    }
}
