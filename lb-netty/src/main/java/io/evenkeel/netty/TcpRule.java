package io.evenkeel.netty;

import static java.util.Objects.requireNonNull;

import io.evenkeel.netty.rule.Frontend;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Accepts the connections of a front end. What is accepted stays on one event loop. */
final class TcpRule implements RunningRule, TcpListener.Acceptor {
    private volatile TcpEntrance entrance;
    private final Map<IoEventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable TcpListener listening;

    TcpRule(RuleContext context) {
        this.entrance = TcpEntrance.of(context);
        EventLoops loops = context.loops();
        for (IoEventLoop loop : loops.all()) {
            flows.put(loop, new TcpFlows(loop, loops.space(loop), new SplittableRandom()));
        }
        expect(context);
    }

    private void expect(RuleContext context) {
        flows.values().forEach(f -> f.expect(context.rule().options()));
    }

    @Override
    public void bind() throws IOException {
        RuleContext context = context();
        Frontend frontend = context.frontend();
        InetSocketAddress wanted = new InetSocketAddress(frontend.address(), frontend.port());
        try {
            listening = TcpListener.open(
                    context.loops(), wanted, context.rule().options().tcp().keepAlive(), this);
        } catch (IOException | ChannelException e) { // the second where there can be no socket at all
            throw RunningRule.cannotBind(context, e);
        }
    }

    @Override
    public void start() {
        flows.values().forEach(TcpFlows::start);
        listening().start();
    }

    @Override
    public void accept(IoEventLoop loop, TcpSocket socket, InetSocketAddress local) {
        try {
            entrance.accept(requireNonNull(flows.get(loop)), socket, local); // has one for each loop of the group
        } catch (Throwable fault) {
            socket.reset();
            context().events().faults().caught("accept", fault);
        }
    }

    @Override
    public void failed(IOException cause) {
        context().events().faults().caught("accept", cause);
    }

    @Override
    public void follow(RuleContext context) {
        expect(context);
        boolean keepAlive = context.rule().options().tcp().keepAlive();
        if (keepAlive != context().rule().options().tcp().keepAlive()) {
            listening().keepAlive(keepAlive);
        }
        entrance = entrance.following(context);
    }

    @Override
    public RuleContext context() {
        return entrance.context();
    }

    @Override
    public InetSocketAddress address() {
        return listening().address();
    }

    private TcpListener listening() {
        TcpListener listener = listening;
        if (listener == null) {
            throw new IllegalStateException(context().name() + " is not listening");
        }
        return listener;
    }

    @Override
    public void stop() {
        TcpListener listener = listening;
        if (listener != null) {
            listener.close();
            // What was accepted before waits on its loop to be counted.
            flows.keySet().forEach(loop -> EventLoops.runOn(loop, () -> {}));
        }
    }

    @Override
    public void close() {
        TcpListener listener = listening;
        if (listener != null) {
            listener.close();
            flows.values().forEach(TcpFlows::close);
        }
    }
}
