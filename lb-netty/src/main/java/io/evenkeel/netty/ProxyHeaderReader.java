package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The header of a trusted proxy; then the connection goes on as that of the client it names. */
final class ProxyHeaderReader implements FirstBytes.Beginning {
    private final TcpEntrance entrance;
    private final TcpSocket socket;
    private final TcpFlows flows;
    private final Flow own;
    private @Nullable Proxied proxied;

    ProxyHeaderReader(TcpEntrance entrance, TcpSocket socket, TcpFlows flows, Flow own) {
        this.entrance = entrance;
        this.socket = socket;
        this.flows = flows;
        this.own = own;
    }

    @Override
    public String name() {
        return "PROXY header";
    }

    @Override
    public boolean isEnough(ByteBuf seen) throws ProtocolException {
        proxied = ProxyDecoder.decode(seen);
        return proxied != null;
    }

    @Override
    public void goOn(ByteBuf rest, boolean isEnding) {
        Flow addresses = proxied == null ? own : proxied.or(own);
        entrance.proxied(socket, flows, addresses, own.destination().getPort(), rest, isEnding);
    }

    @Override
    public void refuse(IOException cause) {
        boolean isRefusal = cause instanceof FlowRefusedException;
        entrance.refuse(
                socket, own.source(), isRefusal ? cause : new FlowRefusedException(String.valueOf(cause.getMessage())));
    }
}
