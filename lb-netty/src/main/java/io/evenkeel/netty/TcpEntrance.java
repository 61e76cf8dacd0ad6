package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.Frontend;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets accepted connections in, or closes them with a reset. */
final class TcpEntrance {
    private final RuleContext context;
    private final Frontend frontend;
    private final Entrance entrance;
    private final @Nullable NamedContexts contexts;

    private TcpEntrance(RuleContext context, Entrance entrance) {
        this.context = context;
        this.frontend = context.frontend();
        this.entrance = entrance;
        this.contexts = NamedContexts.of(context);
    }

    static TcpEntrance of(RuleContext context) {
        return new TcpEntrance(context, Entrance.of(context));
    }

    /** The one of the same front end after a change of the rules. */
    TcpEntrance following(RuleContext next) {
        return new TcpEntrance(next, entrance.following(next));
    }

    RuleContext context() {
        return context;
    }

    /** {@code local} is the address that the client came to. */
    void accept(TcpFlows flows, TcpSocket socket, InetSocketAddress local) {
        Flow own = new Flow(Protocol.TCP, socket.remoteAddress(), local);
        try {
            if (entrance.isProxy(own.source().getAddress(), local.getPort())) {
                ProxyHeaderReader header = new ProxyHeaderReader(this, socket, flows, own);
                new FirstBytes(
                                socket,
                                flows,
                                header,
                                frontend.proxyHeaderTimeout().toMillis())
                        .start();
            } else if (admit(socket, flows, own, local.getPort())) {
                begin(socket, flows, own);
            }
        } catch (FlowRefusedException e) {
            refuse(socket, own.source(), e);
        }
    }

    /** Of a proxy, which has sent its header; {@code data} is what came after it, and is taken over. */
    void proxied(TcpSocket socket, TcpFlows flows, Flow addresses, int port, ByteBuf data, boolean isEnding) {
        if (!admit(socket, flows, addresses, port)) {
            data.release();
        } else if (contexts == null) {
            flow(context, socket, flows, addresses).start(data, isEnding);
        } else {
            hello(contexts, socket, flows, addresses).start(data, isEnding);
        }
    }

    private void begin(TcpSocket socket, TcpFlows flows, Flow addresses) {
        if (contexts == null) {
            flow(context, socket, flows, addresses).start();
        } else {
            hello(contexts, socket, flows, addresses).start();
        }
    }

    private static FirstBytes hello(NamedContexts contexts, TcpSocket socket, TcpFlows flows, Flow addresses) {
        ClientHelloReader hello = new ClientHelloReader(contexts, socket, flows, addresses);
        return new FirstBytes(socket, flows, hello, contexts.timeoutMillis());
    }

    private boolean admit(TcpSocket socket, TcpFlows flows, Flow addresses, int port) {
        InetSocketAddress client = addresses.source();
        try {
            entrance.check(client.getAddress(), port, flows.now());
            context.gate().enter(client.getAddress());
            return true;
        } catch (FlowRefusedException e) {
            refuse(socket, client, e);
            return false;
        }
    }

    /** Of a client that the gate has let in. */
    static TcpFlow flow(RuleContext context, TcpSocket socket, TcpFlows flows, Flow addresses) {
        try {
            return new TcpFlow(context, flows, socket, addresses);
        } catch (Throwable e) {
            context.gate().leave(addresses.source().getAddress()); // nothing has become of it that would
            throw e;
        }
    }

    void refuse(TcpSocket socket, InetSocketAddress client, Exception cause) {
        socket.reset();
        context.events().flowRefused(context.rule(), client, cause);
    }
}
