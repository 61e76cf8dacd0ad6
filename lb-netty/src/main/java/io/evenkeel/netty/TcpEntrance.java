package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.SecurityGroup;
import io.evenkeel.netty.rule.SecurityRule;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets accepted connections in, or closes them with a reset. */
final class TcpEntrance {
    private final RuleContext context;
    private final Frontend frontend;
    private final Entrance entrance;
    private final @Nullable SecurityGroup proxies;

    private TcpEntrance(RuleContext context, Entrance entrance) {
        this.context = context;
        this.frontend = context.frontend();
        this.entrance = entrance;
        String[] trusted = frontend.trustedProxies().toArray(String[]::new);
        this.proxies =
                trusted.length == 0 ? null : SecurityGroup.of("proxies", SecurityRule.allow(100, "trusted", trusted));
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

    void accept(SocketChannel channel, TcpFlows flows) {
        Flow own = new Flow(Protocol.TCP, channel.remoteAddress(), channel.localAddress());
        if (proxies == null) {
            if (admit(channel, flows, own)) {
                begin(channel, flows, own);
            }
        } else if (proxies.allows(own.source().getAddress(), own.destination().getPort())) {
            long timeoutMillis = frontend.proxyHeaderTimeout().toMillis();
            channel.pipeline().addLast(new ProxyHeaderReader(this, channel, flows, own, timeoutMillis));
        } else {
            refuse(channel, own.source(), new FlowRefusedException(frontend + ": not a trusted proxy"));
        }
    }

    /** Of a proxy, which has sent its header; {@code data} is what came after it, and is taken over. */
    void proxied(SocketChannel channel, TcpFlows flows, Flow addresses, ByteBuf data) {
        if (!admit(channel, flows, addresses)) {
            data.release();
            return;
        }
        begin(channel, flows, addresses);
        channel.pipeline().fireChannelRead(data); // before it is active: then whatever ends it frees the data, too
        channel.pipeline().fireChannelActive();
    }

    private boolean admit(SocketChannel channel, TcpFlows flows, Flow addresses) {
        InetSocketAddress client = addresses.source();
        try {
            entrance.check(client.getAddress(), channel.localAddress().getPort(), flows.now());
            context.gate().enter(client.getAddress());
            return true;
        } catch (FlowRefusedException e) {
            refuse(channel, client, e);
            return false;
        }
    }

    private void begin(SocketChannel channel, TcpFlows flows, Flow addresses) {
        try {
            TcpFlow.accept(context, flows, channel, addresses);
        } catch (Throwable e) {
            context.gate().leave(addresses.source().getAddress()); // nothing has become of it that would
            throw e;
        }
    }

    void refuse(SocketChannel channel, InetSocketAddress client, Exception cause) {
        try {
            channel.config().setSoLinger(0);
        } catch (ChannelException e) {
            // It is closed already.
        }
        channel.close();
        context.events().flowRefused(context.rule(), client, cause);
    }
}
