package io.evenkeel.netty;

import static java.util.Objects.requireNonNull;

import io.evenkeel.netty.rule.Frontend;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Accepts the connections of a front end. What is accepted stays on one event loop. */
final class TcpRule implements RunningRule {
    private final RuleContext context;
    private final Map<IoEventLoop, TcpFlows> flows = new HashMap<>();
    private volatile @Nullable TcpListener listening;

    TcpRule(RuleContext context) {
        this.context = context;
        for (IoEventLoop loop : context.loops().all()) {
            flows.put(loop, new TcpFlows(loop, context.route(), new SplittableRandom()));
        }
    }

    @Override
    public void bind() throws IOException {
        Frontend frontend = context.rule().frontend();
        InetSocketAddress wanted = new InetSocketAddress(frontend.address(), frontend.port());
        try {
            listening = TcpListener.open(
                    context.loops().transport(),
                    context.loops().all(),
                    wanted,
                    context.rule().tcp().keepAlive(),
                    this::accept);
        } catch (IOException e) {
            throw RunningRule.cannotBind(context, e);
        }
        flows.values().forEach(TcpFlows::start);
    }

    private void accept(IoEventLoop loop, TcpSocket socket, InetSocketAddress local) {
        try {
            TcpFlow.accept(context, requireNonNull(flows.get(loop)), socket, local);
        } catch (Throwable fault) {
            context.events().faults().caught("accept", fault);
            socket.reset();
        }
    }

    @Override
    public InetSocketAddress address() {
        TcpListener listener = listening;
        if (listener == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return listener.address();
    }

    @Override
    public void close() {
        TcpListener listener = listening;
        if (listener != null) {
            listener.close();
            flows.values().forEach(TcpFlows::close);
        }
        context.route().close();
    }
}
