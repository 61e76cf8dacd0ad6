package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one client address sends to one backend, and the replies. Its socket is connected, so that the system drops what
 * others send to it and tells when nobody listens.
 */
final class UdpFlow extends ChannelInboundHandlerAdapter {
    /** While the socket is not ready, which takes long only if a host name is looked up. */
    private static final int MAX_WAITING = 64;

    private final UdpFront front;
    private final RuleContext context;
    private final InetSocketAddress client;
    private final Pick pick;
    private final ByteBuf header;
    private final int expectedResponses;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>(0);

    private @Nullable Seat<UdpFlow> seat;
    private @Nullable PoolSnapshot checked;
    private @Nullable DatagramChannel upstream;
    private InetSocketAddress backend;
    private boolean open; // datagrams go out at once
    private boolean over;
    private long bytesFromClient;
    private long bytesFromBackend;
    private boolean answered;
    private long dueResponses;
    private long lastActiveNanos;

    UdpFlow(UdpFront front, InetSocketAddress client, Pick pick) {
        this.front = front;
        this.context = front.context();
        this.expectedResponses = context.rule().options().udp().expectedResponses();
        this.client = client;
        this.pick = pick;
        this.backend = context.route().address(pick.backend());
        this.header = ProxyEncoder.encode(
                context.rule().options().proxyProtocol(), new Flow(Protocol.UDP, client, front.address()));
        touch();
    }

    private void touch() {
        lastActiveNanos = front.now();
    }

    boolean isIdle(long now, long idleNanos) {
        return now - lastActiveNanos >= idleNanos;
    }

    /** Whether its backend is still there and well; costs one comparison while the pool does not change. */
    boolean mayStay() {
        PoolSnapshot now = context.rule().pool().snapshot();
        if (now == checked) {
            return true;
        }
        checked = now;
        return context.route().mayStay(pick.member(), now);
    }

    /** Opens its socket; its place in the table is this. */
    void start(Seat<UdpFlow> seat) {
        this.seat = seat;
        if (!backend.isUnresolved()) {
            connect();
            return;
        }
        context.loops()
                .resolver()
                .resolve(backend, front.loop(), context.connecting().timeoutMillis())
                .addListener((Future<List<InetSocketAddress>> resolved) -> {
                    if (resolved.isSuccess()) {
                        backend = resolved.getNow().get(0);
                        connect();
                    } else {
                        failed(Outcome.FAILURE, resolved.cause());
                    }
                });
    }

    private void connect() {
        if (over) {
            return;
        }
        DatagramChannel channel;
        try {
            channel = Datagrams.open(context.loops().transport(), backend.getAddress());
        } catch (IOException | RuntimeException | Error e) {
            failed(Outcome.CANCELLED, e); // no file descriptor left: the backend is not to blame
            return;
        }
        upstream = channel;
        Datagrams.readInto(channel, front.received());
        channel.pipeline().addLast(this);
        front.loop().register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                failed(Outcome.CANCELLED, registered.cause());
                return;
            }
            channel.connect(backend).addListener(connected -> {
                if (connected.isSuccess()) {
                    opened(channel);
                } else {
                    failed(Outcome.CANCELLED, connected.cause()); // nobody was asked: mostly, no local port is left
                }
            });
        });
    }

    private void opened(DatagramChannel channel) {
        if (over) {
            channel.close();
            return;
        }
        open = true;
        context.events().flowOpened(context.rule(), client, pick.backend());
        for (ByteBuf data = waiting.poll(); data != null; data = waiting.poll()) {
            send(channel, data);
        }
        channel.flush();
    }

    /** Takes the payload over; true if it was written and must be flushed. */
    boolean forward(ByteBuf data) {
        touch();
        if (open && upstream != null) {
            send(upstream, data);
            return true;
        }
        if (!over && waiting.size() < MAX_WAITING) {
            waiting.add(data.copy()); // what was read shares its buffer with the whole batch
        }
        data.release();
        return false;
    }

    private void send(DatagramChannel channel, ByteBuf data) {
        bytesFromClient += data.readableBytes();
        dueResponses += expectedResponses;
        Datagrams.write(
                channel,
                header.isReadable() ? Unpooled.wrappedBuffer(header.retainedDuplicate(), data) : data,
                backend);
    }

    void flush() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    private boolean isConnected() {
        return upstream != null && upstream.isConnected();
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        if (over || seat == null || !(isConnected() || packet.sender().equals(backend))) {
            packet.release(); // somebody else's
            return;
        }
        ByteBuf data = packet.content();
        touch();
        if (!answered) {
            answered = true;
            pick.responded();
        }
        bytesFromBackend += data.readableBytes();
        front.reply(seat, data);
        dueResponses--;
        if (expectedResponses > 0 && dueResponses <= 0) {
            end(FlowEnd.COMPLETED);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        front.flush();
    }

    /** Nothing listens there, or it cannot be reached: the next datagram finds another flow. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        if (cause instanceof IOException) {
            end(FlowEnd.BACKEND_RESET);
        } else {
            context.events().faults().caught("flow", cause);
            end(FlowEnd.ABORTED);
        }
    }

    RuleContext context() {
        return context;
    }

    /** It may not begin. */
    void refuse(FlowRefusedException why) {
        free(Outcome.CANCELLED);
        context.events().flowRefused(context.rule(), client, why);
    }

    private void failed(Outcome outcome, Throwable cause) {
        if (over) {
            return;
        }
        free(outcome);
        context.events()
                .flowRefused(
                        context.rule(),
                        client,
                        new IOException("no socket to backend \"" + pick.backend() + "\"", cause));
    }

    void end(FlowEnd why) {
        if (over) {
            return;
        }
        if (!open) {
            failed(Outcome.CANCELLED, new IOException("the forwarder ended it: " + why));
            return;
        }
        free(why.outcome(answered));
        context.events().flowClosed(context.rule(), client, pick.backend(), bytesFromClient, bytesFromBackend, why);
    }

    private void free(Outcome outcome) {
        over = true;
        open = false;
        if (seat != null) {
            front.remove(seat);
        }
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        if (upstream != null) {
            upstream.close();
        }
        pick.report(outcome);
    }
}
