package io.evenkeel.netty;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A stand-in for a virtual machine: answers datagrams on a loopback address of its own. */
final class UdpVm implements AutoCloseable {
    private final String name;
    private final DatagramSocket socket;
    private final UnaryOperator<DatagramPacket> answer;
    private final AtomicInteger received = new AtomicInteger();
    private volatile boolean muted;

    private UdpVm(String name, String ip, UnaryOperator<DatagramPacket> answer) throws IOException {
        this.name = name;
        this.answer = answer;
        this.socket = new DatagramSocket(0, InetAddress.getByName(ip));
        socket.setReceiveBufferSize(4 << 20);
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    static UdpVm echo(String name, String ip) throws IOException {
        return new UdpVm(name, ip, packet -> packet);
    }

    /** Answers with its name. */
    static UdpVm naming(String name, String ip) throws IOException {
        byte[] own = name.getBytes(StandardCharsets.US_ASCII);
        return new UdpVm(name, ip, packet -> new DatagramPacket(own, own.length, packet.getSocketAddress()));
    }

    static UdpVm silent(String name, String ip) throws IOException {
        return new UdpVm(name, ip, packet -> null);
    }

    Backend backend() {
        return Backend.of(name, socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
    }

    int port() {
        return socket.getLocalPort();
    }

    int received() {
        return received.get();
    }

    /** From now on it takes everything and answers nothing, as a machine does that hangs. */
    void mute() {
        muted = true;
    }

    private void run() {
        byte[] buffer = new byte[65_535];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                received.incrementAndGet();
                DatagramPacket reply = answer.apply(packet);
                if (reply != null && !muted) {
                    socket.send(reply);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
