package io.evenkeel.netty;

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
    private final RuleContext context;
    private final int maxFlows;
    private final long idleNanos;

    /** The least recently used first. */
    private final Map<InetSocketAddress, UdpFlow> flows = new LinkedHashMap<>(64, 0.75f, true);

    /** Flows that were written to since the last flush. */
    private final List<UdpFlow> written = new ArrayList<>();

    private volatile @Nullable DatagramChannel front;
    private volatile @Nullable InetSocketAddress address;
    private boolean closed; // read and written on the event loop

    UdpRule(RuleContext context) {
        this.context = context;
        this.maxFlows = context.rule().udp().maxFlows();
        this.idleNanos = context.rule().idleTimeout().toNanos();
    }

    @Override
    public void bind() throws IOException {
        DatagramChannel channel;
        try {
            channel = Datagrams.open(
                    context.loops().transport(), context.rule().frontend().address());
        } catch (IOException | RuntimeException | Error e) {
            throw RunningRule.cannotBind(context, e);
        }
        channel.config().setAutoRead(false); // until its address is known here, which flows need
        channel.pipeline().addLast(this);
        ChannelFuture ready = context.loops().group().register(channel).awaitUninterruptibly();
        if (ready.isSuccess()) {
            InetSocketAddress wanted = new InetSocketAddress(
                    context.rule().frontend().address(),
                    context.rule().frontend().port());
            ready = channel.bind(wanted).awaitUninterruptibly();
        }
        if (!ready.isSuccess()) {
            channel.close().awaitUninterruptibly();
            throw RunningRule.cannotBind(context, ready.cause());
        }
        address = channel.localAddress();
        front = channel;
        channel.config().setAutoRead(true);
        long period = TcpFlows.sweepNanos(idleNanos);
        channel.eventLoop().scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public InetSocketAddress address() {
        InetSocketAddress bound = address;
        if (bound == null) {
            throw new IllegalStateException(context.name() + " is not listening");
        }
        return bound;
    }

    RuleContext context() {
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
        if (closed) {
            return null;
        }
        UdpFlow flow;
        try {
            flow = new UdpFlow(
                    this, client, context.route().pick(context.route().context(client, address())));
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
        long now = now();
        while (!flows.isEmpty()) {
            UdpFlow eldest = flows.values().iterator().next();
            if (!eldest.isIdle(now, idleNanos)) {
                return;
            }
            eldest.end(FlowEnd.IDLE);
        }
    }

    /** A reply that could not be sent; the flow goes on, as it would after a lost datagram. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        context.events().faults().caught("front end " + context.rule().name(), cause);
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
        context.route().close();
    }
}
