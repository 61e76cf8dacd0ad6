package io.evenkeel.netty;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Accepts the connections of a front end. What is accepted stays on one event loop. */
final class TcpRule implements RunningRule {
    private volatile RuleContext context;
    private final Map<EventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable Channel listening;

    TcpRule(RuleContext context) {
        this.context = context;
        for (EventExecutor loop : context.loops().group()) {
            flows.put((EventLoop) loop, new TcpFlows((EventLoop) loop));
        }
        expect(context);
    }

    private void expect(RuleContext context) {
        flows.values().forEach(f -> f.expect(context.rule().idleTimeout()));
    }

    @Override
    public void bind() throws IOException {
        // When accepting fails, as it does when no file descriptor is left, the bootstrap pauses it for a second.
        ChannelFuture bound = new ServerBootstrap()
                .group(context.loops().group())
                .channelFactory(context.loops().transport()::listeningSocket)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false) // until it is started
                .childOption(ChannelOption.AUTO_READ, false) // until there is a backend to give it to
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(context.frontend().address(), context.frontend().port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            bound.channel().close().awaitUninterruptibly();
            throw RunningRule.cannotBind(context, bound.cause());
        }
        bound.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
                context.events().faults().caught("accept", cause);
            }
        });
        listening = bound.channel();
    }

    @Override
    public void start() {
        flows.values().forEach(TcpFlows::start);
        listening().config().setAutoRead(true);
    }

    @Override
    public void follow(RuleContext context) {
        expect(context);
        this.context = context;
    }

    @Override
    public RuleContext context() {
        return context;
    }

    private void accept(SocketChannel channel) {
        RuleContext now = context;
        InetSocketAddress client = channel.remoteAddress();
        try {
            now.gate().enter(client.getAddress());
        } catch (FlowLimitException e) {
            channel.config().setSoLinger(0); // a reset, so that the client knows
            channel.close();
            now.events().flowRefused(now.rule(), client, e);
            return;
        }
        try {
            TcpFlow.accept(now, flowsOn(channel.eventLoop()), channel);
        } catch (Throwable e) {
            now.gate().leave(client.getAddress()); // nothing has become of it that would
            throw e;
        }
    }

    private TcpFlows flowsOn(EventLoop loop) {
        return requireNonNull(flows.get(loop)); // has one for each loop of the group
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listening().localAddress();
    }

    private Channel listening() {
        Channel channel = listening;
        if (channel == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return channel;
    }

    @Override
    public void stop() {
        Channel channel = listening;
        if (channel != null) {
            EventLoops.runOn(channel.eventLoop(), channel::close);
            // What was accepted before waits on its loop to be counted.
            flows.keySet().forEach(loop -> EventLoops.runOn(loop, () -> {}));
        }
    }

    @Override
    public void close() {
        Channel channel = listening;
        if (channel != null) {
            EventLoops.runOn(channel.eventLoop(), channel::close);
            flows.values().forEach(TcpFlows::close);
        }
    }
}
