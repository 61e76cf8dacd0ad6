package io.evenkeel.netty;

import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.util.Arrays;

/** What must hold of the decoder of PROXY headers, whatever a proxy sends. */
public final class ProxyHeaderFuzz {
    /** The fixed part, the longest addresses, and the extensions that are allowed. */
    private static final int MAX_HEADER = 16 + 216 + 1024;

    private ProxyHeaderFuzz() {}

    /** Called by the fuzzer, and by a test with each input of the corpus. */
    public static void fuzzerTestOneInput(byte[] data) throws ProtocolException {
        ofConnection(data);
        ofDatagram(data);
    }

    private static void ofConnection(byte[] data) throws ProtocolException {
        ByteBuf in = Unpooled.wrappedBuffer(data);
        Proxied proxied;
        try {
            proxied = ProxyDecoder.decode(in);
        } catch (ProtocolException e) {
            check(in.readerIndex() == 0, "a header that is refused is not taken");
            return;
        }
        int length = in.readerIndex();
        if (proxied == null) {
            check(length == 0, "a part of a header is not taken");
            check(data.length < MAX_HEADER, "nobody waits for more than a header");
            return;
        }
        check(length > 0 && length <= MAX_HEADER, "a header is taken");
        check(
                proxied.equals(ProxyDecoder.decode(Unpooled.wrappedBuffer(data, 0, length))),
                "what follows is nothing to it");
        check(
                ProxyDecoder.decode(Unpooled.wrappedBuffer(data, 0, length - 1)) == null,
                "not a byte more than it needs");
        if (proxied.source() != null) {
            Flow flow = new Flow(Protocol.TCP, proxied.source(), proxied.destination());
            for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.V1, ProxyProtocol.V2}) {
                check(
                        proxied.equals(ProxyDecoder.decode(ProxyEncoder.encode(version, flow))),
                        "written and read again");
            }
        }
    }

    private static void ofDatagram(byte[] data) throws ProtocolException {
        ByteBuf datagram = Unpooled.wrappedBuffer(data);
        DatagramHeader header = new DatagramHeader();
        if (!isRead(header, datagram)) {
            check(header.length() == 0 && header.count() == 0, "nothing is known of a header that is refused");
            return;
        }
        int length = header.length();
        check(datagram.readerIndex() == 0, "a header stays where it is");
        ByteBuf stream = Unpooled.wrappedBuffer(data);
        Proxied proxied = ProxyDecoder.decode(stream);
        check(proxied != null && stream.readerIndex() == length, "a connection could begin with it, too");
        check(proxied.equals(ProxyDecoder.proxied(datagram)), "and would name the same client");
        check((header.count() > 0) == (proxied.source() != null), "there are addresses if somebody is named");

        DatagramHeader again = new DatagramHeader();
        check(isRead(again, Unpooled.wrappedBuffer(data, 0, length)), "what follows is nothing to it");
        check(Arrays.equals(header.copyOfWords(), again.copyOfWords()), "whose it is depends on the header alone");
        check(!isRead(again, Unpooled.wrappedBuffer(data, 0, length - 1)), "not a byte more than it needs");
    }

    private static boolean isRead(DatagramHeader header, ByteBuf datagram) {
        try {
            header.read(datagram);
            return true;
        } catch (ProtocolException e) {
            return false;
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }
}
