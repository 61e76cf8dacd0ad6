package io.evenkeel.okhttp;

import java.io.IOException;
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
        super.connect(wanted instanceof InetSocketAddress inet ? detour.bend(inet) : wanted, timeoutMillis);
    }
}
