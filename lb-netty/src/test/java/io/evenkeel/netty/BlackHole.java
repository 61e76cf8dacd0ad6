package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A place where attempts to connect are left without an answer: its queue is full, so the system drops what comes. */
final class BlackHole implements AutoCloseable {
    private static final int MOST = 100;

    private final String name;
    private final ServerSocket listening;
    private final List<Socket> queue = new ArrayList<>();

    BlackHole(String name, String ip) throws IOException {
        this.name = name;
        this.listening = new ServerSocket(0, 1, InetAddress.getByName(ip));
        for (int i = 0; i < MOST && isTaken(); i++) {}
    }

    private boolean isTaken() throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(listening.getLocalSocketAddress(), 500);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    Backend backend() {
        return Backend.of(name, listening.getInetAddress().getHostAddress(), listening.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : queue) {
            socket.close();
        }
        listening.close();
    }
}
