package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.UdpOptions;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a front end, and the flows of the clients that the system gives to it. Everything is on one event loop, so
 * nothing here is locked.
 *
 * <p>To open a flow costs ten times what forwarding a datagram does. So those who have a flow come first, and strangers
 * wait their turn: a flood of them slows down strangers, and nobody else.
 */
final class UdpFront extends ChannelInboundHandlerAdapter {
    private static final int MAX_STRANGERS = 1024;

    /** While the socket has more to read than fits into a batch: to open one takes as long as to forward the others. */
    private static final int STRANGERS_WHEN_BUSY = 1;

    /** Otherwise: half a millisecond of work. */
    private static final int STRANGERS_WHEN_IDLE = 16;

    private static final int TICK_MILLIS = 1;

    private final FlowRefusedException tooMany = new FlowRefusedException("too many new clients at a time");
    private final FlowRefusedException over = new FlowRefusedException("the forwarder is closed");

    private volatile RuleContext context; // written on the event loop
    private volatile Entrance entrance; // written on the event loop
    private final int fronts;
    private final DatagramChannel channel;
    private final ReceiveBuffer received = new ReceiveBuffer(Datagrams.BATCH_LENGTH);
    private final FlowTable<UdpFlow> flows;
    private final Queue<DatagramPacket> strangers = new ArrayDeque<>();
    private final DatagramHeader header = new DatagramHeader();
    private final ReplyBuffer replies = new ReplyBuffer();
    private final Runnable flush = this::flush;

    private int read; // in this turn
    private boolean isBusy;
    private boolean isFlushing;
    private boolean isTicking;
    private boolean stopped;
    private boolean closed;

    /** One of so many {@code fronts} that share what the rule may have. */
    UdpFront(RuleContext context, Entrance entrance, DatagramChannel channel, int fronts) {
        this.context = context;
        this.entrance = entrance;
        this.channel = channel;
        this.fronts = fronts;
        UdpOptions options = context.rule().options().udp();
        this.flows = new FlowTable<>(part(options.maxFlows()), part(options.maxFlowsPerSource()));
        Datagrams.readInto(channel, received);
        channel.pipeline().addLast(this);
    }

    /** Begins to read; its address must be known by now. */
    void start() {
        channel.config().setAutoRead(true);
        sweepLater();
    }

    private int part(int limit) {
        return Math.max(1, limit / fronts);
    }

    /** Flows that are there stay; from now on they have the idle timeout of this rule, since the table is in order of use. */
    void follow(RuleContext next, Entrance nextEntrance) {
        EventLoops.runOn(loop(), () -> {
            context = next;
            entrance = nextEntrance;
            UdpOptions options = next.rule().options().udp();
            flows.limit(part(options.maxFlows()), part(options.maxFlowsPerSource()));
        });
    }

    Entrance entrance() {
        return entrance;
    }

    InetSocketAddress address() {
        return channel.localAddress();
    }

    /** Lets no new flow in. */
    void stop() {
        EventLoops.runOn(loop(), () -> stopped = true);
    }

    RuleContext context() {
        return context;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    long now() {
        return loop().ticker().nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        boolean isTaken = false;
        read++;
        try {
            isTaken = forward(packet);
            if (!isTaken) {
                await(packet);
            }
        } catch (FlowRefusedException e) {
            context.events().flowRefused(context.rule(), packet.sender(), e);
        } finally {
            if (!isTaken) {
                packet.release();
            }
        }
    }

    /** Takes the payload over if its client has a flow; throws if it does not begin as it must. */
    private boolean forward(DatagramPacket packet) throws FlowRefusedException {
        readHeader(packet);
        UdpFlow flow = flows.find(packet.sender(), header);
        if (flow == null) {
            return false;
        }
        if (!flow.mayStay()) {
            flow.end(FlowEnd.MOVED);
            return false;
        }
        flows.usedByClient(flow);
        flow.forward(packet.content().skipBytes(header.length()));
        return true;
    }

    private void readHeader(DatagramPacket packet) throws FlowRefusedException {
        header.clear();
        if (!entrance.isProxy(packet.sender().getAddress(), address().getPort())) {
            return;
        }
        try {
            header.read(packet.content());
        } catch (ProtocolException e) {
            throw new FlowRefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** Of a datagram whose header was read. */
    private Flow addresses(DatagramPacket packet) {
        Flow own = new Flow(Protocol.UDP, packet.sender(), address());
        return header.count() == 0
                ? own
                : ProxyDecoder.proxied(packet.content()).or(own);
    }

    private void await(DatagramPacket packet) {
        if (strangers.size() >= MAX_STRANGERS) {
            context.events().flowRefused(context.rule(), addresses(packet).source(), tooMany);
        } else {
            // A copy, since what was read shares its buffer with the whole batch.
            strangers.add(new DatagramPacket(packet.content().copy(), packet.recipient(), packet.sender()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        isBusy = read >= Datagrams.BATCH;
        read = 0;
        welcome(isBusy ? STRANGERS_WHEN_BUSY : STRANGERS_WHEN_IDLE);
        if (!isTicking) {
            tickIfNeeded();
        }
    }

    private void tick() {
        if (!isBusy) {
            welcome(STRANGERS_WHEN_IDLE);
        }
        isBusy = false; // unless another turn says so before the next tick
        tickIfNeeded();
    }

    private void tickIfNeeded() {
        isTicking = !strangers.isEmpty();
        if (isTicking) {
            loop().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void welcome(int atMost) {
        int opened = 0;
        while (opened < atMost && !strangers.isEmpty()) {
            DatagramPacket packet = strangers.remove();
            try {
                if (!forward(packet)) {
                    opened++;
                    open(packet);
                }
            } catch (FlowRefusedException e) { // the rule is another one by now
                packet.release();
                context.events().flowRefused(context.rule(), packet.sender(), e);
            }
        }
    }

    private void open(DatagramPacket packet) {
        UdpFlow flow = stopped || closed ? null : flowFor(packet);
        if (flow == null) {
            packet.release();
        } else {
            flow.forward(packet.content().skipBytes(header.length()));
        }
    }

    private @Nullable UdpFlow flowFor(DatagramPacket packet) {
        Flow addresses = addresses(packet);
        InetSocketAddress client = addresses.source();
        try {
            entrance.check(client.getAddress(), address().getPort(), now());
            Route route = context.route();
            PickContext wanted = route.context(client, addresses.destination());
            Pick pick =
                    context.own().pickOther(route, wanted, context.connecting().attempts());
            UdpFlow flow = new UdpFlow(this, packet.sender(), addresses, header.copyOfWords(), pick);
            try {
                makeRoomFor(client);
            } catch (FlowRefusedException e) {
                flow.refuse(e);
                return null;
            }
            flows.add(flow);
            flow.start();
            return flow;
        } catch (IOException e) {
            context.events().flowRefused(context.rule(), client, e);
            return null;
        }
    }

    private void makeRoomFor(InetSocketAddress client) throws FlowRefusedException {
        evict(flows.inTheWayOf(client));
        if (context.gate().isFull()) {
            evict(flows.leastWanted()); // of this rule's own: others have not opened it
        }
        if (closed) { // by a listener that heard of an eviction
            throw over;
        }
        context.gate().enter(client.getAddress());
    }

    private static void evict(@Nullable UdpFlow flow) {
        if (flow != null) {
            flow.end(FlowEnd.EVICTED);
        }
    }

    /** Where the next reply can be read to. */
    ByteBuf roomForReply() {
        if (!replies.hasRoom()) {
            channel.flush();
        }
        return replies.room();
    }

    /** Sends a reply, together with others of this turn of the event loop; it counts as use of the flow. */
    void reply(UdpFlow flow, ByteBuf data) {
        flows.usedByBackend(flow);
        Datagrams.write(channel, data, flow.sender());
        if (!isFlushing) {
            isFlushing = true;
            loop().execute(flush);
        }
    }

    private void flush() {
        isFlushing = false;
        channel.flush();
    }

    /** A flow has ended; one that may not begin has no place. */
    void remove(UdpFlow flow) {
        if (flows.remove(flow)) {
            flow.context().gate().leave(flow.client().getAddress());
        }
    }

    private long idleNanos() {
        return context.rule().options().idleTimeout().toNanos();
    }

    private void sweepLater() {
        loop().schedule(this::sweep, TcpFlows.sweepNanos(idleNanos()), TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        if (closed) {
            return;
        }
        long now = now();
        long idleNanos = idleNanos();
        flows.sweep(flow -> flow.isIdle(now, idleNanos), flow -> flow.end(FlowEnd.IDLE));
        sweepLater();
    }

    /** A reply that could not be sent; the flow goes on, as it would after a lost datagram. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        context.events().faults().caught("front end " + context.rule().name(), cause);
    }

    /** From any thread. */
    void close() {
        EventLoops.closeOn(loop(), () -> {
            channel.flush();
            channel.close();
            if (closed) {
                return;
            }
            closed = true;
            strangers.forEach(DatagramPacket::release);
            strangers.clear();
            flows.sweep(flow -> true, flow -> flow.end(FlowEnd.ABORTED));
            received.release();
            replies.release();
        });
    }
}
