package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The first message of a TLS client; then the connection goes on to the pool of the server's name in it. */
final class ClientHelloReader implements FirstBytes.Beginning {
    private final NamedContexts contexts;
    private final TcpSocket socket;
    private final TcpFlows flows;
    private final Flow addresses;
    private final ClientHello hello = new ClientHello();
    private boolean isTls;
    private @Nullable String name;

    /** Of a client that the gate has let in. */
    ClientHelloReader(NamedContexts contexts, TcpSocket socket, TcpFlows flows, Flow addresses) {
        this.contexts = contexts;
        this.socket = socket;
        this.flows = flows;
        this.addresses = addresses;
    }

    @Override
    public String name() {
        return "ClientHello";
    }

    @Override
    public boolean isEnough(ByteBuf seen) throws ProtocolException {
        isTls = ClientHello.mayBegin(seen);
        name = isTls ? hello.serverName(seen) : null;
        return !isTls || name != null;
    }

    @Override
    public void goOn(ByteBuf rest, boolean isEnding) {
        RuleContext chosen = name == null ? contexts.withoutTls() : contexts.named(name);
        if (chosen != null) {
            TcpEntrance.flow(chosen, socket, flows, addresses).start(rest, isEnding);
            return;
        }
        rest.release();
        if (name == null) {
            refuse(new FlowRefusedException("ClientHello: none, but something else"));
        } else if (name.isEmpty()) {
            refuse(TlsAlert.MISSING_EXTENSION, new FlowRefusedException("ClientHello: no server name"));
        } else {
            refuse(TlsAlert.UNRECOGNIZED_NAME, new FlowRefusedException("ClientHello: unknown server name " + name));
        }
    }

    @Override
    public void refuse(IOException cause) {
        if (cause instanceof ProtocolException) {
            refuse(TlsAlert.DECODE_ERROR, new FlowRefusedException(String.valueOf(cause.getMessage())));
        } else {
            socket.reset();
            left(cause);
        }
    }

    private void refuse(TlsAlert alert, FlowRefusedException cause) {
        alert.close(socket, flows.space());
        left(cause);
    }

    private void left(IOException cause) {
        RuleContext context = contexts.own();
        context.gate().leave(addresses.source().getAddress());
        context.events().flowRefused(context.rule(), addresses.source(), cause);
    }
}
