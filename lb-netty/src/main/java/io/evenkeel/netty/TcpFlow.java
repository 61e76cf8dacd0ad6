package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: finds it a backend, then waits for the end, which it tells once. On its event loop
 * only, so nothing here is locked.
 */
final class TcpFlow {
    private final RuleContext context;
    private final TcpFlows flows;
    private final TcpSide client;
    private final Flow addresses;

    private int attempts;
    private @Nullable Pick pick;
    private @Nullable TcpSide backend;
    private boolean open; // both sides are connected
    private boolean over; // nothing is relayed any more
    private FlowEnd end = FlowEnd.ABORTED;
    private long lastActiveNanos;
    private @Nullable PoolSnapshot seen; // by the last sweep that asked for the member
    private boolean lost;
    private long lostSinceNanos;

    private TcpFlow(RuleContext context, TcpFlows flows, SocketChannel channel, Flow addresses) {
        this.context = context;
        this.flows = flows;
        this.client = TcpSide.of(this, channel);
        this.addresses = addresses;
    }

    /**
     * Takes an accepted connection over; the rest begins when it is active. {@code addresses} are those of its socket, or
     * what a trusted proxy says instead.
     */
    static void accept(RuleContext context, TcpFlows flows, SocketChannel channel, Flow addresses) {
        new TcpFlow(context, flows, channel, addresses);
    }

    boolean isOver() {
        return over;
    }

    void touch() {
        lastActiveNanos = flows.now();
    }

    void active(TcpSide side) {
        if (side != client) {
            return;
        }
        if (flows.add(this)) {
            connect(context.route().context(addresses.source(), addresses.destination()), null);
        } else {
            refuse(new IOException("the forwarder is closed"));
        }
    }

    private void connect(PickContext wanted, @Nullable Throwable lastFailure) {
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
        EventLoop loop = client.channel().eventLoop();
        InetSocketAddress address = context.route().address(chosen.backend());
        if (!address.isUnresolved()) {
            connect(wanted, chosen, address);
            return;
        }
        context.loops()
                .resolver()
                .resolve(address, loop, context.connecting().timeoutMillis())
                .addListener(resolved -> {
                    if (over) {
                        return;
                    }
                    if (resolved.isSuccess()) {
                        connect(wanted, chosen, (InetSocketAddress) resolved.getNow());
                    } else {
                        failed(wanted, chosen, resolved.cause());
                    }
                });
    }

    private void connect(PickContext wanted, Pick chosen, InetSocketAddress address) {
        SocketChannel channel;
        try {
            channel = context.loops().transport().connectingSocket();
        } catch (RuntimeException | Error e) {
            // No file descriptor left: another backend would not help, and this one is not to blame.
            refuse(new IOException("no socket to connect to backend \"" + chosen.backend() + "\"", e));
            return;
        }
        TcpSide side = TcpSide.of(this, channel);
        backend = side;
        channel.config().setConnectTimeoutMillis(context.connecting().timeoutMillis());
        client.channel().eventLoop().register(channel).addListener(registered -> {
            if (over) {
                side.abort();
                return;
            }
            if (!registered.isSuccess()) {
                failed(wanted, chosen, registered.cause());
                return;
            }
            channel.connect(address).addListener(connected -> {
                if (over) {
                    side.abort();
                } else if (connected.isSuccess()) {
                    open(chosen, side);
                } else {
                    channel.close();
                    failed(wanted, chosen, connected.cause());
                }
            });
        });
    }

    private void failed(PickContext wanted, Pick chosen, Throwable cause) {
        chosen.report(Outcome.FAILURE);
        backend = null;
        if (attempts < context.connecting().attempts()) {
            connect(wanted.excluding(chosen.backend()), cause);
        } else {
            refuse(new IOException(
                    context.name() + ": " + attempts + " backends could not be reached, last \"" + chosen.backend()
                            + "\"",
                    cause));
        }
    }

    private void open(Pick chosen, TcpSide side) {
        open = true;
        touch();
        chosen.responded();
        context.events().flowOpened(context.rule(), addresses.source(), chosen.backend());
        if (!over) { // a listener may have closed the forwarder
            ByteBuf header = ProxyEncoder.encode(context.rule().options().proxyProtocol(), addresses);
            if (header.isReadable()) {
                // At once: there are protocols in which the backend speaks first.
                side.channel().writeAndFlush(header, side.channel().voidPromise());
            }
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
        left();
        if (pick != null) {
            pick.report(Outcome.CANCELLED);
        }
        if (backend != null) {
            backend.abort();
        }
        client.abort();
        context.events().flowRefused(context.rule(), addresses.source(), cause);
    }

    private void left() {
        flows.remove(this);
        context.gate().leave(addresses.source().getAddress());
    }

    /** Each side has sent its last byte to the other. */
    void outputEnded() {
        if (!over && client.isOutputEnded() && backend != null && backend.isOutputEnded()) {
            over = true;
            end = FlowEnd.COMPLETED;
            client.close();
            backend.close();
        }
    }

    /** A side broke off: so does the other, after what was relayed before, and never with a clean end. */
    void broken(TcpSide side) {
        if (over || (side != client && side != backend)) {
            return;
        }
        TcpSide connected = backend;
        if (!open || connected == null) {
            if (side == client) {
                refuse(new IOException("the client left before it had a backend"));
            }
            return; // the attempt to connect fails by itself
        }
        over = true;
        end = side == client ? FlowEnd.CLIENT_RESET : FlowEnd.BACKEND_RESET;
        side.abort();
        (side == client ? connected : client).abortAfterFlush();
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
        client.abort();
        if (backend != null) {
            backend.abort();
        }
    }

    /** The sweep: also ends a flow that is over but whose last bytes nobody takes. */
    void check(long now) {
        long idleNanos = context.rule().options().idleTimeout().toNanos();
        if (now - lastActiveNanos
                >= (open ? idleNanos : Math.max(idleNanos, context.connecting().limitNanos()))) {
            end(FlowEnd.IDLE);
        }
        checkMember(now);
    }

    /** Ends a connection whose member has been lost for too long. */
    private void checkMember(long now) {
        Pick current = pick;
        long graceNanos = context.route().graceNanos();
        if (graceNanos == Route.FOR_EVER || !open || over || current == null) {
            return;
        }
        PoolSnapshot snapshot = context.rule().pool().snapshot();
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

    void closed(TcpSide side) {
        broken(side); // unless it is over: then this is the end that was wanted
        if (open && client.isClosed() && backend != null && backend.isClosed() && pick != null) {
            left();
            long fromBackend = backend.bytesForwarded();
            pick.report(end.outcome(fromBackend > 0));
            context.events()
                    .flowClosed(
                            context.rule(),
                            addresses.source(),
                            pick.backend(),
                            client.bytesForwarded(),
                            fromBackend,
                            end);
        }
    }
}
