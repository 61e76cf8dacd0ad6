package io.evenkeel.netty;

import io.evenkeel.pool.Pick;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The datagram socket of a front end and the table of its flows, one for each client address. Everything is on one event
 * loop, so nothing here is locked.
 */
final class UdpRule extends ChannelInboundHandlerAdapter implements RunningRule {
    private volatile RuleContext context;
    private volatile Entrance entrance;
    private final int maxFlows;

    /** The least recently used first. */
    private final Map<InetSocketAddress, UdpFlow> flows = new LinkedHashMap<>(64, 0.75f, true);

    /** Flows that were written to since the last flush. */
    private final List<UdpFlow> written = new ArrayList<>();

    private volatile @Nullable DatagramChannel front;
    private volatile @Nullable InetSocketAddress address;
    private boolean stopped; // read and written on the event loop, as is the next
    private boolean closed;

    UdpRule(RuleContext context, int maxFlows) {
        this.context = context;
        this.entrance = Entrance.of(context);
        this.maxFlows = maxFlows;
    }

    @Override
    public void bind() throws IOException {
        DatagramChannel channel;
        try {
            channel = Datagrams.open(
                    context.loops().transport(), context.frontend().address());
        } catch (IOException | RuntimeException | Error e) {
            throw RunningRule.cannotBind(context, e);
        }
        channel.config().setAutoRead(false); // until it is started
        channel.pipeline().addLast(this);
        ChannelFuture ready = context.loops().group().register(channel).awaitUninterruptibly();
        if (ready.isSuccess()) {
            InetSocketAddress wanted = new InetSocketAddress(
                    context.frontend().address(), context.frontend().port());
            ready = channel.bind(wanted).awaitUninterruptibly();
        }
        if (!ready.isSuccess()) {
            channel.close().awaitUninterruptibly();
            throw RunningRule.cannotBind(context, ready.cause());
        }
        address = channel.localAddress();
        front = channel;
    }

    @Override
    public void start() {
        front().config().setAutoRead(true);
        sweepLater();
    }

    /** Flows that are there stay, and from now on have the idle timeout of this rule: the table is in order of use. */
    @Override
    public void follow(RuleContext context) {
        EventLoops.runOn(loop(), () -> {
            this.context = context;
            entrance = entrance.following(context);
        });
    }

    private void sweepLater() {
        loop().schedule(this::sweep, TcpFlows.sweepNanos(idleNanos()), TimeUnit.NANOSECONDS);
    }

    private long idleNanos() {
        return context.rule().options().idleTimeout().toNanos();
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
    public RuleContext context() {
        return context;
    }

    DatagramChannel front() {
        DatagramChannel channel = front;
        if (channel == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return channel;
    }

    EventLoop loop() {
        return front().eventLoop();
    }

    long now() {
        return loop().ticker().nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        UdpFlow flow = null;
        try {
            flow = flowOf(packet.sender());
        } finally {
            if (flow == null) {
                packet.release();
            }
        }
        if (flow != null && flow.forward(packet.content())) {
            written.add(flow);
        }
    }

    private @Nullable UdpFlow flowOf(InetSocketAddress client) {
        UdpFlow known = flows.get(client);
        if (known != null) {
            if (known.mayStay()) {
                return known;
            }
            known.end(FlowEnd.MOVED);
        }
        if (stopped || closed) {
            return null;
        }
        UdpFlow flow;
        try {
            if (known == null) { // who is moved is in already
                entrance.check(client.getAddress(), address().getPort(), now());
            }
            flow = open(client);
        } catch (IOException e) {
            context.events().flowRefused(context.rule(), client, e);
            return null;
        }
        if (flows.size() >= maxFlows) {
            flows.values().iterator().next().end(FlowEnd.EVICTED);
        }
        flows.put(client, flow);
        flow.start();
        return flow;
    }

    private UdpFlow open(InetSocketAddress client) throws IOException {
        context.gate().enter(client.getAddress());
        boolean opened = false;
        try {
            Pick pick = context.route().pick(context.route().context(client, address()));
            opened = true;
            return new UdpFlow(this, client, pick);
        } finally {
            if (!opened) {
                context.gate().leave(client.getAddress());
            }
        }
    }

    /** Sends a reply, without a flush; it counts as use of the flow. */
    void reply(ByteBuf data, InetSocketAddress client) {
        flows.get(client);
        Datagrams.write(front(), data, client);
    }

    void remove(UdpFlow flow) {
        flows.remove(flow.client(), flow);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        for (UdpFlow flow : written) {
            flow.flush();
        }
        written.clear();
    }

    private void sweep() {
        if (closed) {
            return;
        }
        long now = now();
        long idleNanos = idleNanos();
        while (!flows.isEmpty() && flows.values().iterator().next().isIdle(now, idleNanos)) {
            flows.values().iterator().next().end(FlowEnd.IDLE);
        }
        sweepLater();
    }

    /** A reply that could not be sent; the flow goes on, as it would after a lost datagram. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        context.events().faults().caught("front end " + context.rule().name(), cause);
    }

    /** The socket stays, for the flows that are there need it. */
    @Override
    public void stop() {
        EventLoops.runOn(loop(), () -> stopped = true);
    }

    @Override
    public void close() {
        DatagramChannel channel = front;
        if (channel != null) {
            EventLoops.runOn(channel.eventLoop(), () -> {
                channel.close();
                closed = true;
                List.copyOf(flows.values()).forEach(flow -> flow.end(FlowEnd.ABORTED));
            });
        }
    }
}
