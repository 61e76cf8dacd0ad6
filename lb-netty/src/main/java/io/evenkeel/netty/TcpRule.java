package io.evenkeel.netty;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
    private final RuleContext context;
    private final TcpEntrance entrance;
    private final Map<EventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable Channel listening;

    TcpRule(RuleContext context) {
        this.context = context;
        this.entrance = new TcpEntrance(context);
        for (EventExecutor loop : context.loops().group()) {
            flows.put((EventLoop) loop, new TcpFlows((EventLoop) loop, context.route()));
        }
    }

    @Override
    public void bind() throws IOException {
        // When accepting fails, as it does when no file descriptor is left, the bootstrap pauses it for a second.
        ChannelFuture bound = new ServerBootstrap()
                .group(context.loops().group())
                .channelFactory(context.loops().transport()::listeningSocket)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false) // until there is a backend to give it to
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        entrance.accept(channel, flowsOn(channel.eventLoop()));
                    }
                })
                .bind(
                        context.rule().frontend().address(),
                        context.rule().frontend().port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            bound.channel().close().awaitUninterruptibly();
            throw RunningRule.cannotBind(context, bound.cause());
        }
        listening = bound.channel();
        flows.values().forEach(TcpFlows::start);
    }

    private TcpFlows flowsOn(EventLoop loop) {
        return requireNonNull(flows.get(loop)); // has one for each loop of the group
    }

    @Override
    public InetSocketAddress address() {
        Channel channel = listening;
        if (channel == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        Channel channel = listening;
        if (channel != null) {
            EventLoops.runOn(channel.eventLoop(), channel::close);
            flows.values().forEach(TcpFlows::close);
        }
        context.route().close();
    }
}
