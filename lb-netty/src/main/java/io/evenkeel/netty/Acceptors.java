package io.evenkeel.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The listening sockets of a TCP front end. Where the transport can, there is one on each event loop (SO_REUSEPORT): the
 * system spreads connections over them, and a connection is never handed from one thread to another. Elsewhere there is one,
 * which hands connections out in turn.
 */
final class Acceptors {
    private final RuleContext context;
    private final ChannelHandler onAccept;
    private final List<Channel> channels = new ArrayList<>();

    private Acceptors(RuleContext context, ChannelHandler onAccept) {
        this.context = context;
        this.onAccept = onAccept;
    }

    /** Listens, and accepts nothing yet. */
    static Acceptors bind(RuleContext context, ChannelHandler onAccept) throws IOException {
        Acceptors acceptors = new Acceptors(context, onAccept);
        try {
            if (!context.loops().transport().spreadsAccepts() || !acceptors.bindEach()) {
                acceptors.bindOne(context.loops().group(), context.frontend().port(), false);
            }
            return acceptors;
        } catch (IOException e) {
            throw RunningRule.cannotBind(context, e);
        }
    }

    /** False, with nothing bound, if the system does not let several sockets have one port. */
    private boolean bindEach() throws IOException {
        for (EventExecutor loop : context.loops().group()) {
            if (channels.isEmpty()) {
                // Alone, so that a port in use is noticed even if the other forwarder would share it.
                bindOne((EventLoop) loop, context.frontend().port(), false);
                continue;
            }
            try {
                channels.get(0).config().setOption(UnixChannelOption.SO_REUSEPORT, true);
                bindOne((EventLoop) loop, address().getPort(), true);
            } catch (IOException | RuntimeException e) {
                channels.forEach(channel -> channel.close().awaitUninterruptibly());
                channels.clear();
                return false;
            }
        }
        return true;
    }

    private void bindOne(EventLoopGroup loops, int port, boolean shared) throws IOException {
        // When accepting fails, as it does when no file descriptor is left, the bootstrap pauses it for a second.
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channelFactory(context.loops().transport()::listeningSocket)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false) // until it is started
                .childOption(ChannelOption.AUTO_READ, false) // until there is a backend to give it to
                .childHandler(onAccept);
        if (shared) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        ChannelFuture bound = bootstrap.bind(context.frontend().address(), port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            bound.channel().close().awaitUninterruptibly();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        bound.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
                context.events().faults().caught("accept", cause);
            }
        });
        channels.add(bound.channel());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channels.get(0).localAddress();
    }

    void start() {
        channels.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** The sockets are closed when it returns. A second call does nothing. */
    void close() {
        channels.forEach(channel -> EventLoops.runOn(channel.eventLoop(), channel::close));
    }
}
