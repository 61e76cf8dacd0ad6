package io.evenkeel.netty;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.backend.Outcome;
import io.evenkeel.pool.Pick;
import io.evenkeel.strategy.PickContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a flow gets its connection to a backend: one backend after the other, each at all addresses of its name. Ends with {@link
 * TcpFlow#connected}, or {@link TcpFlow#refuse}, or when the flow {@linkplain #cancel cancels} it.
 */
final class TcpConnecting {
    private final TcpFlow flow;
    private final RuleContext context;
    private final TcpFlows flows;
    private PickContext wanted;
    private int attempts;
    private @Nullable Pick pick;
    private @Nullable TcpSide side;
    private Iterator<InetSocketAddress> otherAddresses = Collections.emptyIterator();

    TcpConnecting(TcpFlow flow, RuleContext context, TcpFlows flows, PickContext wanted) {
        this.flow = flow;
        this.context = context;
        this.flows = flows;
        this.wanted = wanted;
    }

    void start() {
        pick(null);
    }

    private void pick(@Nullable Throwable lastFailure) {
        Pick chosen;
        try {
            chosen = context.route().pick(wanted);
        } catch (IOException e) {
            // Some exceptions are shared by many flows.
            if (lastFailure != null && !(e instanceof FlowRefusedException)) {
                e.addSuppressed(lastFailure);
            }
            flow.refuse(e);
            return;
        }
        attempts++;
        flow.touch();
        pick = chosen;
        InetSocketAddress address = context.route().address(chosen.backend());
        if (address.isUnresolved()) {
            resolve(chosen, address);
        } else {
            connect(chosen, address);
        }
    }

    private void resolve(Pick chosen, InetSocketAddress address) {
        context.loops()
                .resolver()
                .resolve(address, flows.loop(), context.connecting().timeoutMillis())
                .addListener((Future<List<InetSocketAddress>> resolved) -> {
                    if (flow.isOver()) {
                        return;
                    }
                    if (resolved.isSuccess()) {
                        otherAddresses = resolved.getNow().iterator();
                        connect(chosen, otherAddresses.next());
                    } else {
                        failed(chosen, resolved.cause());
                    }
                });
    }

    private void connect(Pick chosen, InetSocketAddress address) {
        if (context.own().isAt(Protocol.TCP, address)) {
            goOn(chosen, context.own().refusal(address));
            return;
        }
        TcpSocket socket;
        try {
            socket = context.loops().transport().connectingSocket(address);
        } catch (IOException | RuntimeException | Error e) {
            // No file descriptor left: another backend would not help, and this one is not to blame.
            flow.refuse(new IOException("no socket to connect to backend \"" + chosen.backend() + "\"", e));
            return;
        }
        TcpSide attempt = new TcpSide(flow, flows, socket);
        side = attempt;
        try {
            socket.configure(context.rule().options().tcp().keepAlive());
            attempt.connect(address, flows.loop(), this);
        } catch (EventLoops.RefusedException e) {
            flow.refuse(e); // nor for this
            return;
        } catch (IOException | RuntimeException e) {
            failed(attempt, e);
            return;
        }
        flows.connecting().begin(attempt, this, context.connecting().timeoutNanos());
    }

    void timedOut(TcpSide attempt) {
        failed(
                attempt,
                new SocketTimeoutException(
                        "no connection within " + context.connecting().timeoutMillis() + " ms"));
    }

    void failed(TcpSide attempt, Exception cause) {
        Pick chosen = pick;
        if (flow.isOver() || attempt != side || chosen == null) {
            return;
        }
        closeSide();
        goOn(chosen, cause);
    }

    private void goOn(Pick chosen, Exception cause) {
        if (otherAddresses.hasNext()) {
            flow.touch();
            connect(chosen, otherAddresses.next());
        } else {
            failed(chosen, cause);
        }
    }

    private void failed(Pick chosen, Throwable cause) {
        // With no local port left it is not to blame; another may be reached, for ports are counted by where they lead.
        chosen.report(cause instanceof BindException ? Outcome.CANCELLED : Outcome.FAILURE);
        if (attempts < context.connecting().attempts()) {
            wanted = wanted.excluding(chosen.backend());
            pick(cause);
        } else {
            flow.refuse(new IOException(
                    context.name() + ": " + attempts + " backends could not be reached, last \"" + chosen.backend()
                            + "\"",
                    cause));
        }
    }

    void connected(TcpSide attempt) {
        Pick chosen = pick;
        if (!flow.isOver() && attempt == side && chosen != null) {
            flows.connecting().end(attempt);
            flow.connected(chosen, attempt);
        }
    }

    /** The flow does not wait for it any more. */
    void cancel() {
        closeSide();
        if (pick != null) {
            pick.report(Outcome.CANCELLED);
        }
    }

    private void closeSide() {
        if (side != null) {
            flows.connecting().end(side);
            side.reset();
            side = null;
        }
    }
}
