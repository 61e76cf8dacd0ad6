package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.UdpOptions;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The datagram sockets of a front end: one for each event loop where the system spreads clients over several, and always
 * gives the same client to the same one.
 */
final class UdpRule implements RunningRule {
    /** A table is not split into smaller ones: then one could be full while another is nearly empty. */
    private static final int LEAST_FLOWS = 1024;

    private final RuleContext context;
    private final UdpOptions options;
    private final SocketBudget sockets;
    private final List<UdpFront> fronts = new CopyOnWriteArrayList<>();
    private volatile @Nullable InetSocketAddress address;

    UdpRule(RuleContext context, SocketBudget sockets) {
        this.context = context;
        this.options = context.rule().udp();
        this.sockets = sockets;
    }

    @Override
    public void bind() throws IOException {
        List<EventLoop> loops = loops();
        for (EventLoop loop : loops) {
            fronts.add(new UdpFront(context, bound(loop), table(loops.size()), sockets));
        }
        fronts.forEach(UdpFront::start);
    }

    private List<EventLoop> loops() {
        EventLoopGroup group = context.loops().group();
        List<EventLoop> all = new ArrayList<>();
        if (context.loops().transport() == Transport.EPOLL) {
            group.forEach(loop -> all.add((EventLoop) loop));
        }
        int count = Math.min(all.size(), options.maxFlows() / LEAST_FLOWS);
        return count > 1 ? all.subList(0, count) : List.of(group.next());
    }

    private FlowTable<UdpFlow> table(int parts) {
        return new FlowTable<>(options.maxFlows() / parts, Math.max(1, options.maxFlowsPerSource() / parts));
    }

    private DatagramChannel bound(EventLoop loop) throws IOException {
        Frontend frontend = context.rule().frontend();
        InetSocketAddress first = address;
        DatagramChannel channel;
        try {
            channel = Datagrams.open(context.loops().transport(), frontend.address());
        } catch (IOException | RuntimeException | Error e) {
            throw RunningRule.cannotBind(context, e);
        }
        channel.config().setAutoRead(false); // until all are bound
        ChannelFuture ready = loop.register(channel).awaitUninterruptibly();
        if (ready.isSuccess()) {
            if (first != null) {
                Datagrams.shareAddress(channel);
            }
            ready = channel.bind(first != null ? first : new InetSocketAddress(frontend.address(), frontend.port()))
                    .awaitUninterruptibly();
        }
        if (!ready.isSuccess()) {
            channel.close().awaitUninterruptibly();
            throw RunningRule.cannotBind(context, ready.cause());
        }
        if (first == null) {
            // Only now, so that an address on which somebody else listens is still found to be in use.
            Datagrams.shareAddress(channel);
            address = channel.localAddress();
        }
        return channel;
    }

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return bound;
    }

    @Override
    public void close() {
        fronts.forEach(UdpFront::close);
        context.route().close();
    }
}
