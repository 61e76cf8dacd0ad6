package io.evenkeel.netty;

import io.evenkeel.netty.rule.Frontend;
import io.evenkeel.netty.rule.Rule;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.Await;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Shorthands for tests: forwarders with two event loops, and clients with a time limit. */
final class Forwarders {
    /** Where front ends of tests are. */
    static final String FRONT = "127.0.0.10";

    static final Frontend TCP = Frontend.tcp(FRONT, 0);
    static final Frontend UDP = Frontend.udp(FRONT, 0);
    private static final int LIMIT_MILLIS = 20_000;

    private Forwarders() {}

    static ForwarderBuilder builder(Transport transport, Rule... rules) {
        return Forwarder.builder().transport(transport).threads(2).rules(rules);
    }

    static Socket connect(Forwarder forwarder, String rule) throws IOException {
        return connect(forwarder, rule, "127.0.0.1");
    }

    static Socket connect(Forwarder forwarder, String rule, String from) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(forwarder.boundAddress(rule), LIMIT_MILLIS);
        return socket;
    }

    static DatagramSocket connectUdp(Forwarder forwarder, String rule, String from) throws IOException {
        DatagramSocket socket = openUdp(from);
        socket.connect(forwarder.boundAddress(rule));
        return socket;
    }

    static DatagramSocket openUdp(String ip) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(ip));
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setReceiveBufferSize(4 << 20);
        return socket;
    }

    /** A port where nothing listens, unless somebody takes it now. */
    static int unusedPort(String ip) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ip))) {
            return socket.getLocalPort();
        }
    }

    /** Waits until balancers choose from so many members. */
    static void awaitSelectable(int members, BackendPool pool) {
        Await.until(
                members + " may be chosen", () -> pool.snapshot().selectable().size() == members);
    }
}
