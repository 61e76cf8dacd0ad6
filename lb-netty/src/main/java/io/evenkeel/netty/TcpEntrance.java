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

    TcpEntrance(RuleContext context) {
        this.context = context;
        this.frontend = context.rule().frontend();
        this.entrance = new Entrance(frontend, context.loops().now());
        String[] trusted = frontend.trustedProxies().toArray(String[]::new);
        this.proxies =
                trusted.length == 0 ? null : SecurityGroup.of("proxies", SecurityRule.allow(100, "trusted", trusted));
    }

    void accept(SocketChannel channel, TcpFlows flows) {
        Flow own = new Flow(Protocol.TCP, channel.remoteAddress(), channel.localAddress());
        if (proxies == null) {
            if (admit(channel, flows, own)) {
                TcpFlow.accept(context, flows, channel, own);
            }
        } else if (proxies.allows(own.source().getAddress(), own.destination().getPort())) {
            long timeoutMillis = frontend.proxyHeaderTimeout().toMillis();
            channel.pipeline().addLast(new ProxyHeaderReader(this, channel, flows, own, timeoutMillis));
        } else {
            refuse(channel, own.source(), new Refusal(frontend + ": not a trusted proxy"));
        }
    }

    /** Of a proxy, which has sent its header; {@code data} is what came after it, and is taken over. */
    void proxied(SocketChannel channel, TcpFlows flows, Flow addresses, ByteBuf data) {
        if (!admit(channel, flows, addresses)) {
            data.release();
            return;
        }
        TcpFlow.accept(context, flows, channel, addresses);
        channel.pipeline().fireChannelRead(data); // before it is active: then whatever ends it frees the data, too
        channel.pipeline().fireChannelActive();
    }

    private boolean admit(SocketChannel channel, TcpFlows flows, Flow addresses) {
        InetSocketAddress client = addresses.source();
        Refusal refusal =
                entrance.refusal(client.getAddress(), channel.localAddress().getPort(), flows.now());
        if (refusal != null) {
            refuse(channel, client, refusal);
        }
        return refusal == null;
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
