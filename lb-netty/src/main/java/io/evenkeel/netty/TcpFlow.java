package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.netty.rule.TcpOptions;
import io.evenkeel.pool.Pick;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: has it get a backend, then waits for the end, which it tells once. On its event loop
 * only, so nothing here is locked.
 */
final class TcpFlow {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RuleContext context;
    private final TcpFlows flows;
    private final TcpSide client;
    private final Flow addresses;

    private @Nullable ByteBuf early; // what was read before there was a backend, until it is open
    private @Nullable TcpConnecting connecting; // the same
    private @Nullable Open open;
    private boolean over; // nothing is relayed any more
    private FlowEnd end = FlowEnd.ABORTED;
    private long lastActiveNanos;

    /** What there is once both sides are connected. */
    private record Open(Pick pick, MemberWatch watch, TcpSide backend, long sinceNanos, long lifetimeNanos) {}

    /** {@code addresses} are those of the socket, or what a trusted proxy says instead. */
    TcpFlow(RuleContext context, TcpFlows flows, TcpSocket socket, Flow addresses) {
        this.context = context;
        this.flows = flows;
        this.client = new TcpSide(this, flows, socket);
        this.addresses = addresses;
    }

    boolean isOver() {
        return over;
    }

    void touch() {
        lastActiveNanos = flows.now();
    }

    /** Of a client that was just accepted. */
    void start() {
        try {
            client.start(flows.loop());
            connect();
        } catch (IOException e) {
            refuse(e);
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    /** Of one that had to send something first; {@code data} is what of that is for the backend, and is taken over. */
    void start(ByteBuf data, boolean isEnding) {
        early = data;
        try {
            client.takeOver(isEnding);
            connect();
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    private void connect() {
        touch();
        if (!flows.add(this)) {
            refuse(new IOException("the forwarder is closed"));
            return;
        }
        TcpConnecting first = new TcpConnecting(
                this, context, flows, context.route().context(addresses.source(), addresses.destination()));
        connecting = first;
        first.start();
    }

    void connected(Pick pick, TcpSide backend) {
        touch();
        long lifetimeNanos = flows.lifetimeNanos(context.rule().options().tcp());
        MemberWatch watch = new MemberWatch(context.route(), pick.member());
        open = new Open(pick, watch, backend, lastActiveNanos, lifetimeNanos);
        connecting = null; // not before: whatever fails meanwhile closes the backend's side, too
        pick.responded();
        context.events().flowOpened(context.rule(), addresses.source(), pick.backend());
        if (!over) { // a listener may have closed the forwarder
            sendFirst(backend);
            backend.relayTo(client);
            client.relayTo(backend);
        }
    }

    private void sendFirst(TcpSide backend) {
        ByteBuf header = ProxyEncoder.encode(context.rule().options().proxyProtocol(), addresses);
        if (header.isReadable()) {
            backend.send(header); // at once: there are protocols in which the backend speaks first
        }
        if (early != null && early.isReadable()) {
            client.countForwarded(early.readableBytes());
            backend.send(early);
        }
        releaseEarly();
    }

    private void releaseEarly() {
        if (early != null) {
            early.release();
            early = null;
        }
    }

    /** The end of a flow that was never open. */
    void refuse(Exception cause) {
        if (over) {
            return;
        }
        over = true;
        // Before anything else: there may be no descriptor left, not even to load a class.
        client.reset();
        if (connecting != null) {
            connecting.cancel();
        }
        left();
        context.events().flowRefused(context.rule(), addresses.source(), cause);
    }

    private void left() {
        releaseEarly();
        flows.remove(this);
        context.gate().leave(addresses.source().getAddress());
    }

    /** One side has sent its last byte; true if the other has, too: then both are closed. */
    boolean outputEnded() {
        Open now = open;
        if (over || now == null || !client.isOutputEnded() || !now.backend.isOutputEnded()) {
            return over;
        }
        over = true;
        end = FlowEnd.COMPLETED;
        client.close();
        now.backend.close();
        return true;
    }

    /** A side broke off: so does the other, after what was relayed before, and never with a clean end. */
    void broken(TcpSide side) {
        Open now = open;
        if (over) {
            return;
        }
        if (now == null) {
            refuse(new IOException("the client left before it had a backend"));
            return;
        }
        over = true;
        end = side == client ? FlowEnd.CLIENT_RESET : FlowEnd.BACKEND_RESET;
        side.reset();
        (side == client ? now.backend : client).resetAfterFlush();
    }

    /** The same of a side whose last byte was read before: what a backend said is whole, and may still be on its way. */
    void brokenAfterEnd(TcpSide side) {
        if (side == client) {
            broken(side);
        }
    }

    /** Something that must not happen, or memory that is out. */
    void fault(Throwable cause) {
        abort();
        context.events().faults().caught("flow", cause);
    }

    void abort() {
        end(FlowEnd.ABORTED);
    }

    private void end(FlowEnd why) {
        Open now = open;
        if (now == null) {
            refuse(new IOException("the forwarder ended it: " + why));
            return;
        }
        if (!over) {
            over = true;
            end = why;
        }
        client.reset();
        now.backend.reset();
    }

    /** The sweep: also ends a flow that is over but whose last bytes nobody takes. */
    void check(long now) {
        Open current = open;
        long silentNanos = now - lastActiveNanos;
        long idleNanos = context.rule().options().idleTimeout().toNanos();
        if (current == null) {
            if (silentNanos >= Math.max(idleNanos, context.connecting().limitNanos())) {
                end(FlowEnd.IDLE);
            }
            return;
        }
        TcpOptions tcp = context.rule().options().tcp();
        if (silentNanos >= REST_NANOS) {
            client.rest();
            current.backend.rest();
        }
        boolean isHalfClosed = client.isHalfClosed() || current.backend.isHalfClosed();
        if (silentNanos >= (isHalfClosed ? Math.min(idleNanos, tcp.finTimeout().toNanos()) : idleNanos)) {
            endIdle(current, tcp);
        } else if (now - current.sinceNanos >= current.lifetimeNanos) {
            end(FlowEnd.EXPIRED);
        } else if (!over && current.watch.isOver(now)) {
            end(FlowEnd.MEMBER_LOST);
        }
    }

    private void endIdle(Open current, TcpOptions tcp) {
        // What is on its way and will not arrive must not look whole.
        if (over || tcp.resetOnIdle() || client.isBlocked() || current.backend.isBlocked()) {
            end(FlowEnd.IDLE);
            return;
        }
        over = true;
        end = FlowEnd.IDLE;
        client.close();
        current.backend.close();
    }

    /** One side is closed; with the other it is told. */
    void closed() {
        Open last = open;
        if (last == null || !client.isClosed() || !last.backend.isClosed()) {
            return;
        }
        left();
        long fromBackend = last.backend.bytesForwarded();
        last.pick.report(end.outcome(fromBackend > 0));
        context.events()
                .flowClosed(
                        context.rule(),
                        addresses.source(),
                        last.pick.backend(),
                        client.bytesForwarded(),
                        fromBackend,
                        end);
    }
}
