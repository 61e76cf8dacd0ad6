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
    private final Route route;
    private final EventLoops loops;
    private final FlowEvents events;
    private final ConnectPolicy connecting;
    private final Map<EventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable Channel listening;

    TcpRule(Route route, EventLoops loops, FlowEvents events, ConnectPolicy connecting) {
        this.route = route;
        this.loops = loops;
        this.events = events;
        this.connecting = connecting;
        for (EventExecutor loop : loops.group()) {
            flows.put(
                    (EventLoop) loop,
                    new TcpFlows((EventLoop) loop, route.rule().idleTimeout()));
        }
    }

    Route route() {
        return route;
    }

    EventLoops loops() {
        return loops;
    }

    FlowEvents events() {
        return events;
    }

    ConnectPolicy connecting() {
        return connecting;
    }

    @Override
    public void bind() throws IOException {
        // When accepting fails, as it does when no file descriptor is left, the bootstrap pauses it for a second.
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(loops.transport()::listeningSocket)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false) // until there is a backend to give it to
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        TcpFlow.accept(TcpRule.this, flowsOn(channel.eventLoop()), channel);
                    }
                })
                .bind(route.rule().frontend().address(), route.rule().frontend().port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            bound.channel().close().awaitUninterruptibly();
            throw RunningRule.cannotBind(route, bound.cause());
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
            throw new IllegalStateException("rule \"" + route.rule().name() + "\" is not listening");
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
        route.close();
    }
}
