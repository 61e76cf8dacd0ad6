package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What one client address sends to one backend, and the replies. One of very many, so it keeps little. */
final class UdpFlow extends Seat<UdpFlow> implements UdpSocket.Owner {
    /** While the socket is not ready, which takes long only if a host name is looked up. */
    private static final int MAX_WAITING = 64;

    private final UdpFront front;
    private final RuleContext context;
    private final Pick pick;
    private final ByteBuf header;

    private @Nullable PoolSnapshot checked;
    private @Nullable UdpSocket socket;
    private @Nullable Queue<ByteBuf> waiting;
    private boolean open; // datagrams go out at once
    private boolean over;
    private long bytesFromClient;
    private long bytesFromBackend;
    private boolean answered;
    private long dueResponses;
    private long lastActiveNanos;

    UdpFlow(UdpFront front, InetSocketAddress sender, Flow addresses, int[] named, Pick pick) {
        super(sender, addresses.source(), named);
        this.front = front;
        this.context = front.context();
        this.pick = pick;
        this.header = ProxyEncoder.encode(context.rule().options().proxyProtocol(), addresses);
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

    /** Opens its socket; it has its place in the table. */
    void start() {
        InetSocketAddress backend = context.route().address(pick.backend());
        if (!backend.isUnresolved()) {
            connect(backend);
            return;
        }
        context.loops()
                .resolver()
                .resolve(backend, front.loop(), context.connecting().timeoutMillis())
                .addListener((Future<List<InetSocketAddress>> resolved) -> {
                    if (resolved.isSuccess()) {
                        connect(resolved.getNow().get(0));
                    } else {
                        failed(Outcome.FAILURE, resolved.cause());
                    }
                });
    }

    private void connect(InetSocketAddress backend) {
        if (over) {
            return;
        }
        if (context.own().isAt(Protocol.UDP, backend)) { // as its name says
            failed(Outcome.FAILURE, context.own().refusal(backend));
            return;
        }
        UdpSocket opening;
        try {
            opening = UdpSocket.open(context.loops().transport(), backend);
        } catch (IOException | RuntimeException | Error e) {
            failed(Outcome.CANCELLED, e); // no file descriptor left: the backend is not to blame
            return;
        }
        socket = opening;
        try {
            opening.connect(backend);
            opening.register(this);
        } catch (IOException | RuntimeException e) {
            failed(Outcome.CANCELLED, e); // nobody was asked: mostly, no local port is left
            return;
        }
        opened();
    }

    private void opened() {
        open = true;
        context.events().flowOpened(context.rule(), client(), pick.backend());
        Queue<ByteBuf> before = waiting;
        if (before != null) {
            waiting = null;
            before.forEach(this::forward);
        }
    }

    /** Takes the payload over. */
    void forward(ByteBuf data) {
        touch();
        try {
            if (open && socket != null) {
                send(socket, data);
            } else if (!over) {
                await(data);
            }
        } catch (IOException | RuntimeException e) {
            broken(e);
        } finally {
            data.release();
        }
    }

    private void await(ByteBuf data) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        if (waiting.size() < MAX_WAITING) {
            waiting.add(data.copy()); // what was read shares its buffer with the whole batch
        }
    }

    private void send(UdpSocket socket, ByteBuf data) throws IOException {
        bytesFromClient += data.readableBytes();
        dueResponses += expectedResponses();
        if (!header.isReadable()) {
            socket.send(data);
            return;
        }
        int length = header.readableBytes() + data.readableBytes();
        ByteBuf whole = ByteBufAllocator.DEFAULT.directBuffer(length);
        try {
            socket.send(whole.writeBytes(header, header.readerIndex(), header.readableBytes())
                    .writeBytes(data));
        } finally {
            whole.release();
        }
    }

    private int expectedResponses() {
        return context.rule().options().udp().expectedResponses();
    }

    @Override
    public IoEventLoop loop() {
        return (IoEventLoop) front.loop();
    }

    @Override
    public void readable() {
        try {
            // No more than a batch, so that others have their turn: the event loop tells again of what is left.
            UdpSocket from = socket;
            for (int i = 0; i < Datagrams.BATCH && !over && from != null; i++) {
                ByteBuf replies = front.roomForReply();
                int length = from.read(replies);
                if (length == UdpSocket.NONE) {
                    return;
                }
                answered(replies.retainedSlice(replies.writerIndex() - length, length));
            }
        } catch (IOException | RuntimeException e) {
            broken(e);
        }
    }

    /** Where nothing listens, or which cannot be reached, the flow ends: the next datagram finds another. */
    private void broken(Exception cause) {
        if (cause instanceof IOException) {
            end(FlowEnd.BACKEND_RESET);
        } else {
            context.events().faults().caught("flow", cause);
            end(FlowEnd.ABORTED);
        }
    }

    private void answered(ByteBuf data) {
        touch();
        if (!answered) {
            answered = true;
            pick.responded();
        }
        bytesFromBackend += data.readableBytes();
        front.reply(this, data);
        dueResponses--;
        if (dueResponses <= 0 && expectedResponses() > 0) {
            end(FlowEnd.COMPLETED);
        }
    }

    RuleContext context() {
        return context;
    }

    /** It may not begin. */
    void refuse(FlowRefusedException why) {
        free(Outcome.CANCELLED);
        context.events().flowRefused(context.rule(), client(), why);
    }

    private void failed(Outcome outcome, Throwable cause) {
        if (over) {
            return;
        }
        free(outcome);
        context.events()
                .flowRefused(
                        context.rule(),
                        client(),
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
        context.events().flowClosed(context.rule(), client(), pick.backend(), bytesFromClient, bytesFromBackend, why);
    }

    private void free(Outcome outcome) {
        over = true;
        open = false;
        front.remove(this);
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
            waiting = null;
        }
        if (socket != null) {
            socket.close();
        }
        pick.report(outcome);
    }
}
