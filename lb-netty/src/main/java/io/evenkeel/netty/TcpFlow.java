package io.evenkeel.netty;

import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: finds it a backend, then waits for the end, which it tells once. On its event loop
 * only, so nothing here is locked.
 */
final class TcpFlow {
    private static final Iterator<InetSocketAddress> NO_MORE = Collections.emptyIterator();

    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RuleContext context;
    private final TcpFlows flows;
    private final TcpSide client;
    private final InetSocketAddress clientAddress;

    private int attempts;
    private @Nullable PickContext wanted; // until it is open
    private Iterator<InetSocketAddress> otherAddresses = NO_MORE;
    private @Nullable Pick pick;
    private @Nullable TcpSide backend;
    private boolean open; // both sides are connected
    private boolean over; // nothing is relayed any more
    private FlowEnd end = FlowEnd.ABORTED;
    private long lastActiveNanos;
    private long openedNanos;
    private long lifetimeNanos = Route.FOR_EVER;
    private @Nullable PoolSnapshot seen; // by the last sweep that asked for the member
    private boolean lost;
    private long lostSinceNanos;

    private TcpFlow(RuleContext context, TcpFlows flows, TcpSocket socket) {
        this.context = context;
        this.flows = flows;
        this.clientAddress = socket.remoteAddress();
        this.client = new TcpSide(this, flows, socket);
    }

    /** Takes an accepted connection over. */
    static void accept(RuleContext context, TcpFlows flows, TcpSocket socket, InetSocketAddress local) {
        new TcpFlow(context, flows, socket).begin(local);
    }

    boolean isOver() {
        return over;
    }

    void touch() {
        lastActiveNanos = flows.now();
    }

    private void begin(InetSocketAddress local) {
        if (!flows.add(this)) {
            refuse(new IOException("the forwarder is closed"));
            return;
        }
        try {
            client.start(flows.loop());
        } catch (IOException e) {
            refuse(e);
            return;
        }
        pick(context.route().context(clientAddress, local), null);
    }

    private void pick(PickContext wanted, @Nullable Throwable lastFailure) {
        Pick chosen;
        try {
            chosen = context.route().pick(wanted);
        } catch (IOException e) {
            if (lastFailure != null) {
                e.addSuppressed(lastFailure);
            }
            refuse(e);
            return;
        }
        attempts++;
        touch();
        pick = chosen;
        this.wanted = wanted;
        InetSocketAddress address = context.route().address(chosen.backend());
        if (!address.isUnresolved()) {
            connect(chosen, address, NO_MORE);
            return;
        }
        context.loops()
                .resolver()
                .resolveAll(address, flows.loop(), context.connecting().timeoutMillis())
                .addListener((Future<List<InetSocketAddress>> resolved) -> {
                    if (over) {
                        return;
                    }
                    if (resolved.isSuccess()) {
                        Iterator<InetSocketAddress> all = resolved.getNow().iterator();
                        connect(chosen, all.next(), all);
                    } else {
                        failed(chosen, resolved.cause());
                    }
                });
    }

    private void connect(Pick chosen, InetSocketAddress address, Iterator<InetSocketAddress> others) {
        TcpSocket socket;
        try {
            socket = context.loops().transport().connectingSocket(address);
        } catch (IOException | RuntimeException | Error e) {
            // No file descriptor left: another backend would not help, and this one is not to blame.
            refuse(new IOException("no socket to connect to backend \"" + chosen.backend() + "\"", e));
            return;
        }
        otherAddresses = others;
        TcpSide side = new TcpSide(this, flows, socket);
        backend = side;
        try {
            socket.configure(context.rule().tcp().keepAlive());
            side.connect(address, flows.loop());
        } catch (EventLoops.RefusedException e) {
            refuse(e); // nor for this
            return;
        } catch (IOException | RuntimeException e) {
            connectFailed(side, e);
            return;
        }
        flows.connecting().begin(side, this, context.connecting().timeoutNanos());
    }

    void connectTimedOut(TcpSide side) {
        connectFailed(
                side,
                new SocketTimeoutException(
                        "no connection within " + context.connecting().timeoutMillis() + " ms"));
    }

    void connectFailed(TcpSide side, Exception cause) {
        Pick chosen = pick;
        if (over || side != backend || chosen == null) {
            return;
        }
        flows.connecting().end(side);
        backend = null;
        side.reset();
        if (otherAddresses.hasNext()) {
            connect(chosen, otherAddresses.next(), otherAddresses);
        } else {
            failed(chosen, cause);
        }
    }

    private void failed(Pick chosen, Throwable cause) {
        chosen.report(Outcome.FAILURE);
        PickContext tried = wanted;
        if (tried != null && attempts < context.connecting().attempts()) {
            pick(tried.excluding(chosen.backend()), cause);
        } else {
            refuse(new IOException(
                    context.name() + ": " + attempts + " backends could not be reached, last \"" + chosen.backend()
                            + "\"",
                    cause));
        }
    }

    void connected(TcpSide side) {
        Pick chosen = pick;
        if (over || side != backend || chosen == null) {
            return;
        }
        flows.connecting().end(side);
        wanted = null;
        otherAddresses = NO_MORE;
        open = true;
        touch();
        openedNanos = lastActiveNanos;
        lifetimeNanos = flows.lifetimeNanos(context.rule().tcp());
        chosen.responded();
        context.events().flowOpened(context.rule(), clientAddress, chosen.backend());
        if (!over) { // a listener may have closed the forwarder
            side.relayTo(client);
            client.relayTo(side);
        }
    }

    /** The end of a flow that was never open. */
    private void refuse(Exception cause) {
        if (over) {
            return;
        }
        over = true;
        flows.remove(this);
        if (pick != null) {
            pick.report(Outcome.CANCELLED);
        }
        if (backend != null) {
            flows.connecting().end(backend);
            backend.reset();
        }
        client.reset();
        context.events().flowRefused(context.rule(), clientAddress, cause);
    }

    /** One side has sent its last byte; true if the other has, too: then both are closed. */
    boolean outputEnded() {
        if (over || !client.isOutputEnded() || backend == null || !backend.isOutputEnded()) {
            return over;
        }
        over = true;
        end = FlowEnd.COMPLETED;
        client.close();
        backend.close();
        return true;
    }

    /** A side broke off: so does the other, after what was relayed before, and never with a clean end. */
    void broken(TcpSide side) {
        TcpSide connected = backend;
        if (over || !open || connected == null) {
            return;
        }
        over = true;
        end = side == client ? FlowEnd.CLIENT_RESET : FlowEnd.BACKEND_RESET;
        side.reset();
        (side == client ? connected : client).resetAfterFlush();
    }

    /** Something that must not happen, or memory that is out. */
    void fault(Throwable cause) {
        context.events().faults().caught("flow", cause);
        abort();
    }

    void abort() {
        end(FlowEnd.ABORTED);
    }

    private void end(FlowEnd why) {
        if (!open) {
            refuse(new IOException("the forwarder ended it: " + why));
            return;
        }
        if (!over) {
            over = true;
            end = why;
        }
        client.reset();
        if (backend != null) {
            backend.reset();
        }
    }

    /** The sweep: also ends a flow that is over but whose last bytes nobody takes. */
    void check(long now, long idleNanos) {
        if (now - lastActiveNanos >= REST_NANOS) {
            client.rest();
            if (backend != null) {
                backend.rest();
            }
        }
        if (!open) {
            if (now - lastActiveNanos
                    >= Math.max(idleNanos, context.connecting().limitNanos())) {
                end(FlowEnd.IDLE);
            }
        } else if (now - lastActiveNanos >= (isHalfClosed() ? Math.min(idleNanos, finNanos()) : idleNanos)) {
            endIdle();
        } else if (now - openedNanos >= lifetimeNanos) {
            end(FlowEnd.EXPIRED);
        }
    }

    private boolean isHalfClosed() {
        return client.isHalfClosed() || (backend != null && backend.isHalfClosed());
    }

    private long finNanos() {
        return context.rule().tcp().finTimeout().toNanos();
    }

    private void endIdle() {
        TcpSide connected = backend;
        if (over || connected == null || context.rule().tcp().resetOnIdle()) {
            end(FlowEnd.IDLE);
            return;
        }
        over = true;
        end = FlowEnd.IDLE;
        client.close();
        connected.close();
    }

    /** The sweep: ends a connection whose member has been lost for too long. */
    void checkMember(PoolSnapshot snapshot, long now, long graceNanos) {
        Pick current = pick;
        if (!open || over || current == null) {
            return;
        }
        if (snapshot != seen) {
            seen = snapshot;
            boolean wasLost = lost;
            lost = !context.route().mayStay(current.member(), snapshot);
            if (lost && !wasLost) {
                lostSinceNanos = now;
            }
        }
        if (lost && now - lostSinceNanos >= graceNanos) {
            end(FlowEnd.MEMBER_LOST);
        }
    }

    /** One side is closed; with the other it is told. */
    void closed() {
        if (open && client.isClosed() && backend != null && backend.isClosed() && pick != null && flows.remove(this)) {
            long fromBackend = backend.bytesForwarded();
            pick.report(end.outcome(fromBackend > 0));
            context.events()
                    .flowClosed(
                            context.rule(), clientAddress, pick.backend(), client.bytesForwarded(), fromBackend, end);
        }
    }
}
