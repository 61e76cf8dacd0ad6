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
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The datagram sockets of a front end: one for each event loop where the system spreads clients over several, and always
 * gives the same client to the same one.
 */
final class UdpRule implements RunningRule {
    /** A table is not split into smaller ones: then one could be full while another is nearly empty. */
    private static final int LEAST_FLOWS = 1024;

    private volatile RuleContext context;
    private final List<UdpFront> fronts = new CopyOnWriteArrayList<>();
    private volatile @Nullable InetSocketAddress address;

    UdpRule(RuleContext context) {
        this.context = context;
    }

    private UdpOptions options() {
        return context.rule().options().udp();
    }

    @Override
    public void bind() throws IOException {
        Entrance entrance = Entrance.of(context);
        List<EventLoop> loops = loops();
        try {
            for (EventLoop loop : loops) {
                fronts.add(new UdpFront(context, entrance, bound(loop), loops.size()));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void start() {
        fronts.forEach(UdpFront::start);
    }

    @Override
    public void follow(RuleContext context) {
        Entrance entrance = fronts.get(0).entrance().following(context);
        this.context = context;
        fronts.forEach(front -> front.follow(context, entrance));
    }

    @Override
    public RuleContext context() {
        return context;
    }

    /** The sockets stay, for the flows that are there need them. */
    @Override
    public void stop() {
        fronts.forEach(UdpFront::stop);
    }

    private List<EventLoop> loops() {
        EventLoopGroup group = context.loops().group();
        List<EventLoop> all = new ArrayList<>();
        if (context.loops().transport().isNative()) {
            group.forEach(loop -> all.add((EventLoop) loop));
        }
        int count = Math.min(all.size(), options().maxFlows() / LEAST_FLOWS);
        return count > 1 ? all.subList(0, count) : List.of(group.next());
    }

    private DatagramChannel bound(EventLoop loop) throws IOException {
        Frontend frontend = context.frontend();
        InetSocketAddress first = address;
        DatagramChannel channel;
        try {
            channel = Datagrams.open(context.loops().transport(), frontend.address());
        } catch (IOException | RuntimeException | Error e) {
            throw RunningRule.cannotBind(context, e);
        }
        try {
            EventLoops.callOn(loop, () -> bind(channel, loop, first));
            return channel;
        } catch (IOException | RejectedExecutionException e) { // the second when the event loops end meanwhile
            if (!channel.isRegistered()) {
                channel.unsafe().closeForcibly(); // what never had a thread has none to close it
            }
            throw RunningRule.cannotBind(context, e);
        }
    }

    /** On the event loop, where all of this is done at once. */
    private void bind(DatagramChannel channel, EventLoop loop, @Nullable InetSocketAddress first) throws IOException {
        Frontend frontend = context.frontend();
        channel.config().setAutoRead(false); // until all are bound
        ChannelFuture ready = loop.register(channel);
        if (ready.isSuccess()) {
            if (first != null) {
                Datagrams.shareAddress(channel);
            }
            ready = channel.bind(first != null ? first : new InetSocketAddress(frontend.address(), frontend.port()));
        }
        if (!ready.isSuccess()) {
            channel.close();
            throw new IOException(ready.cause().getMessage(), ready.cause());
        }
        if (first == null) {
            // Only now, so that an address on which somebody else listens is still found to be in use.
            Datagrams.shareAddress(channel);
            address = channel.localAddress();
        }
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
    }
}
