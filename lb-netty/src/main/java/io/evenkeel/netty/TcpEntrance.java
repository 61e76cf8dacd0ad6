package io.evenkeel.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;

/** Lets accepted connections in, or closes them with a reset. */
final class TcpEntrance {
    private final RuleContext context;
    private final Entrance entrance;

    TcpEntrance(RuleContext context) {
        this.context = context;
        this.entrance = new Entrance(context.rule().frontend(), context.loops().now());
    }

    void accept(SocketChannel channel, TcpFlows flows) {
        InetSocketAddress client = channel.remoteAddress();
        Refusal refusal =
                entrance.refusal(client.getAddress(), channel.localAddress().getPort(), flows.now());
        if (refusal == null) {
            TcpFlow.accept(context, flows, channel);
            return;
        }
        reset(channel);
        context.events().flowRefused(context.rule(), client, refusal);
    }

    private static void reset(SocketChannel channel) {
        try {
            channel.config().setSoLinger(0);
        } catch (ChannelException e) {
            // It is closed already.
        }
        channel.close();
    }
}
