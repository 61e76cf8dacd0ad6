package io.evenkeel.discovery;

import com.google.common.net.InetAddresses;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * One question and its answer on the wire. Sockets of our own, not dnsjava's: those share a thread that nobody can end. An
 * interrupt closes them.
 *
 * @param servers asked one after the other until one answers
 * @param timeoutMillis how long each may take
 */
record DnsExchange(List<InetSocketAddress> servers, int timeoutMillis) {
    private static final int MOST_TRIES = 2;

    /** Without EDNS no answer is longer; what is, comes by TCP. */
    private static final int DATAGRAM = 512;

    /** So many datagrams that are not the answer are passed over. */
    private static final int MOST_FORGED = 16;

    /** What a server has said: records, or that there is no such name. */
    record Answer(int rcode, List<Record> records, List<Record> additional) {}

    Answer ask(Name name, int type) throws DnsFailure {
        String failure = "no server to ask";
        for (int tried = 0; tried < MOST_TRIES; tried++) {
            for (InetSocketAddress server : servers) {
                try {
                    Message answer = ask(server, Message.newQuery(Record.newRecord(name, type, DClass.IN)));
                    if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                        return new Answer(
                                answer.getRcode(),
                                answer.getSection(Section.ANSWER),
                                answer.getSection(Section.ADDITIONAL));
                    }
                    failure = Rcode.string(answer.getRcode()) + " from " + shown(server);
                } catch (SocketTimeoutException e) {
                    failure = "no answer from " + shown(server);
                } catch (IOException e) {
                    failure = e + " from " + shown(server);
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw DnsFailure.of(name, failure);
                }
            }
        }
        throw DnsFailure.of(name, failure);
    }

    private static String shown(InetSocketAddress server) {
        return InetAddresses.toAddrString(server.getAddress()) + " port " + server.getPort();
    }

    private Message ask(InetSocketAddress server, Message question) throws IOException {
        Message answer = byDatagram(server, question);
        return answer.getHeader().getFlag(Flags.TC) ? byStream(server, question) : answer;
    }

    /** The kernel lets only the server's datagrams in; what does not match the question may be forged, and is passed over. */
    private Message byDatagram(InetSocketAddress server, Message question) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(server);
            channel.write(ByteBuffer.wrap(question.toWire(DATAGRAM)));
            DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
            channel.socket().setSoTimeout(timeoutMillis);
            for (int forged = 0; forged < MOST_FORGED; forged++) {
                packet.setLength(DATAGRAM);
                channel.socket().receive(packet);
                Message answer = parsed(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer != null && isAnswerTo(question, answer)) {
                    return answer;
                }
            }
            throw new IOException("nothing but forged answers");
        }
    }

    private Message byStream(InetSocketAddress server, Message question) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            Socket socket = channel.socket();
            socket.connect(server, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            byte[] wire = question.toWire();
            channel.write(ByteBuffer.allocate(2 + wire.length)
                    .putShort((short) wire.length)
                    .put(wire)
                    .flip());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] read = new byte[in.readUnsignedShort()];
            in.readFully(read);
            Message answer = parsed(read);
            if (answer == null || !isAnswerTo(question, answer)) {
                throw new IOException("no answer to the question");
            }
            return answer;
        }
    }

    private static @Nullable Message parsed(byte[] wire) {
        try {
            return new Message(wire);
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isAnswerTo(Message question, Message answer) {
        return answer.getHeader().getID() == question.getHeader().getID()
                && answer.getHeader().getFlag(Flags.QR)
                && question.getQuestion().equals(answer.getQuestion());
    }
}
