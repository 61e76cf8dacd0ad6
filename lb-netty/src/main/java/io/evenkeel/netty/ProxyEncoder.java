package io.evenkeel.netty;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** Writes the header that tells a backend who its client is. Without extensions, so nothing foreign gets into it. */
final class ProxyEncoder {
    /** Also how version 2 begins when it is read. */
    static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private static final int VERSION_2_PROXY = 0x21;
    private static final int INET = 0x10;
    private static final int INET6 = 0x20;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;

    private ProxyEncoder() {}

    /** The header of that version for the flow; empty for OFF. */
    static ByteBuf encode(ProxyProtocol version, Flow flow) {
        return switch (version) {
            case OFF -> Unpooled.EMPTY_BUFFER;
            case V1 -> Unpooled.copiedBuffer(line(flow), StandardCharsets.US_ASCII);
            case V2 -> binary(flow);
        };
    }

    private static String line(Flow flow) {
        return "PROXY " + (isFour(flow) ? "TCP4 " : "TCP6 ")
                + text(flow.source().getAddress(), flow) + " "
                + text(flow.destination().getAddress(), flow) + " "
                + flow.source().getPort() + " "
                + flow.destination().getPort() + "\r\n";
    }

    private static ByteBuf binary(Flow flow) {
        boolean four = isFour(flow);
        int length = four ? 12 : 36;
        return Unpooled.buffer(SIGNATURE.length + 4 + length)
                .writeBytes(SIGNATURE)
                .writeByte(VERSION_2_PROXY)
                .writeByte((four ? INET : INET6) | (flow.protocol() == Protocol.TCP ? STREAM : DATAGRAM))
                .writeShort(length)
                .writeBytes(bytes(flow.source().getAddress(), four))
                .writeBytes(bytes(flow.destination().getAddress(), four))
                .writeShort(flow.source().getPort())
                .writeShort(flow.destination().getPort());
    }

    private static boolean isFour(Flow flow) {
        return flow.source().getAddress() instanceof Inet4Address
                && flow.destination().getAddress() instanceof Inet4Address;
    }

    private static String text(InetAddress address, Flow flow) {
        // Both must be of one family, so IPv4 beside IPv6 is written as mapped. toAddrString would add a zone.
        byte[] bytes = bytes(address, isFour(flow));
        return bytes.length == 4 ? InetAddresses.toAddrString(address) : hextets(bytes);
    }

    private static String hextets(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i += 2) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)));
        }
        return text.toString();
    }

    private static byte[] bytes(InetAddress address, boolean four) {
        byte[] own = address.getAddress();
        if (four || own.length == 16) {
            return own;
        }
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(own, 0, mapped, 12, 4);
        return mapped;
    }
}
