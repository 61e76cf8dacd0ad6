package io.evenkeel.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;

/** Without Nagle's algorithm, which makes each answer of MockWebServer wait 40 ms for the client to acknowledge half. */
final class PromptServerSocket extends ServerSocket {
    static final ServerSocketFactory FACTORY = new ServerSocketFactory() {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new PromptServerSocket();
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            throw new UnsupportedOperationException();
        }
    };

    private PromptServerSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
        Socket socket = super.accept();
        socket.setTcpNoDelay(true);
        return socket;
    }
}
