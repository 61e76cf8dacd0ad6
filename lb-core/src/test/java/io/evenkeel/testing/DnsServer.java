package io.evenkeel.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A server of DNS on loopback, by datagram and stream, that answers as a test says. */
public final class DnsServer implements AutoCloseable {
    private static final int DATAGRAM = 512;

    private final ServerSocket streams;
    private final DatagramSocket datagrams;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile UnaryOperator<Message> answer = this::known;

    private DnsServer(ServerSocket streams, DatagramSocket datagrams) {
        this.streams = streams;
        this.datagrams = datagrams;
        this.threads = List.of(run(this::serveDatagrams), run(this::serveStreams));
    }

    /** A server without records on a port that is free for both. */
    public static DnsServer start() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        IOException taken = null;
        for (int tried = 0; tried < 20; tried++) {
            ServerSocket streams = new ServerSocket(0, 50, loopback);
            try {
                return new DnsServer(streams, new DatagramSocket(streams.getLocalPort(), loopback));
            } catch (IOException e) {
                streams.close();
                taken = e;
            }
        }
        throw taken;
    }

    private static Thread run(Runnable service) {
        Thread thread = new Thread(service, "dns-server");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(streams.getInetAddress(), streams.getLocalPort());
    }

    /** Knows a record from now on, such as {@code "web.example.", 60, Type.A, "10.0.0.1"}. */
    public DnsServer with(String name, int ttl, int type, String data) {
        try {
            records.add(Record.fromString(Name.fromString(name), type, DClass.IN, ttl, data, Name.root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Knows nothing any more. */
    public void clear() {
        records.clear();
    }

    /** Answers like that from now on; null is silence. What it gets is the answer it would have given. */
    public DnsServer answering(UnaryOperator<Message> change) {
        answer = question -> change.apply(known(question));
        return this;
    }

    /** What was asked so far, such as {@code web.example. A udp}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Records and aliases of the name; an empty answer where there are none. */
    private Message known(Message question) {
        Message answered = new Message(question.getHeader().getID());
        Header header = answered.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        answered.addRecord(question.getQuestion(), Section.QUESTION);
        records.stream()
                .filter(r -> r.getName().equals(question.getQuestion().getName()))
                .filter(r -> r.getType() == question.getQuestion().getType() || r.getType() == Type.CNAME)
                .forEach(r -> answered.addRecord(r, Section.ANSWER));
        return answered;
    }

    private byte[] answer(byte[] wire, String how) throws IOException {
        Message question = new Message(wire);
        Record what = question.getQuestion();
        asked.add(what.getName() + " " + Type.string(what.getType()) + " " + how);
        Message answered = answer.apply(question);
        return answered == null ? null : answered.toWire(65_535);
    }

    private void serveDatagrams() {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
        while (!datagrams.isClosed()) {
            try {
                packet.setLength(DATAGRAM);
                datagrams.receive(packet);
                byte[] answered = answer(Arrays.copyOf(packet.getData(), packet.getLength()), "udp");
                if (answered != null) {
                    byte[] sent = answered.length > DATAGRAM ? truncated(answered) : answered;
                    datagrams.send(new DatagramPacket(sent, sent.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // closed, or a client that has gone
            }
        }
    }

    private static byte[] truncated(byte[] wire) throws IOException {
        Message whole = new Message(wire);
        Message head = new Message(whole.getHeader().getID());
        head.getHeader().setFlag(Flags.QR);
        head.getHeader().setFlag(Flags.TC);
        head.addRecord(whole.getQuestion(), Section.QUESTION);
        return head.toWire();
    }

    private void serveStreams() {
        while (!streams.isClosed()) {
            try (Socket client = streams.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] wire = new byte[in.readUnsignedShort()];
                in.readFully(wire);
                byte[] answered = answer(wire, "tcp");
                if (answered != null) {
                    byte[] framed = new byte[2 + answered.length];
                    framed[0] = (byte) (answered.length >> 8);
                    framed[1] = (byte) answered.length;
                    System.arraycopy(answered, 0, framed, 2, answered.length);
                    client.getOutputStream().write(framed);
                }
            } catch (IOException e) {
                // closed, or a client that has gone
            }
        }
    }

    /** When it returns, nobody listens there any more. */
    @Override
    public void close() throws IOException {
        streams.close();
        datagrams.close();
        Await.until("the server has ended", () -> threads.stream().noneMatch(Thread::isAlive));
    }
}
