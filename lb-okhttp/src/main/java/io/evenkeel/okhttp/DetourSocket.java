package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** A socket of the client's that may connect elsewhere than it is told; see {@link Detour#bend}. */
final class DetourSocket extends ForwardingSocket {
    private final Detour detour;

    DetourSocket(Detour detour, Socket delegate) {
        super(delegate);
        this.detour = detour;
    }

    @Override
    public void connect(SocketAddress wanted, int timeoutMillis) throws IOException {
        SocketAddress bent = wanted instanceof InetSocketAddress inet ? detour.bend(inet) : wanted;
        try {
            super.connect(bent, timeoutMillis);
        } catch (ConnectException e) {
            throw bent.equals(wanted) ? e : named(bent, e);
        }
    }

    /** OkHttp makes this the cause of a failure that names the logical port, where nobody was asked. */
    private ConnectException named(SocketAddress bent, ConnectException cause) {
        ConnectException named = new ConnectException(detour + " at " + bent + ": " + cause.getMessage());
        named.initCause(cause);
        return named;
    }
}
