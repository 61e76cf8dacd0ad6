package io.evenkeel.netty;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelInitializer;
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
    private volatile TcpEntrance entrance;
    private final Map<EventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable Acceptors listening;

    TcpRule(RuleContext context) {
        this.entrance = TcpEntrance.of(context);
        for (EventExecutor loop : context.loops().group()) {
            flows.put((EventLoop) loop, new TcpFlows((EventLoop) loop));
        }
        expect(context);
    }

    private void expect(RuleContext context) {
        flows.values().forEach(f -> f.expect(context.rule().options().idleTimeout()));
    }

    @Override
    public void bind() throws IOException {
        listening = Acceptors.bind(entrance.context(), new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                entrance.accept(channel, flowsOn(channel.eventLoop()));
            }
        });
    }

    @Override
    public void start() {
        flows.values().forEach(TcpFlows::start);
        listening().start();
    }

    @Override
    public void follow(RuleContext context) {
        expect(context);
        entrance = entrance.following(context);
    }

    @Override
    public RuleContext context() {
        return entrance.context();
    }

    private TcpFlows flowsOn(EventLoop loop) {
        return requireNonNull(flows.get(loop)); // has one for each loop of the group
    }

    @Override
    public InetSocketAddress address() {
        return listening().address();
    }

    private Acceptors listening() {
        Acceptors acceptors = listening;
        if (acceptors == null) {
            throw new IllegalStateException(context().name() + " is not listening");
        }
        return acceptors;
    }

    @Override
    public void stop() {
        Acceptors acceptors = listening;
        if (acceptors != null) {
            acceptors.close();
            // What was accepted before waits on its loop to be counted.
            flows.keySet().forEach(loop -> EventLoops.runOn(loop, () -> {}));
        }
    }

    @Override
    public void close() {
        Acceptors acceptors = listening;
        if (acceptors != null) {
            acceptors.close();
            flows.values().forEach(TcpFlows::close);
        }
    }
}
