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
    private volatile RuleContext context;
    private final Map<EventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable Acceptors listening;

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
        listening = Acceptors.bind(context, new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                accept(channel);
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
        return listening().address();
    }

    private Acceptors listening() {
        Acceptors acceptors = listening;
        if (acceptors == null) {
            throw new IllegalStateException(context.name() + " is not listening");
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
