package io.evenkeel.netty;

import com.google.common.hash.Hashing;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that a proxy sends before anything else, of either version. Strict, and refuses as early as the bytes
 * allow. Extensions (TLVs) are checked and dropped: they are the proxy's word to us, and not ours to backends.
 *
 * @see "The PROXY protocol, versions 1 and 2: haproxy.org, doc/proxy-protocol.txt, section 2"
 */
final class ProxyDecoder {
    private static final int FIXED = 16;
    private static final int MAX_EXTENSIONS = 1024;
    private static final int CRC32C = 0x03;

    private ProxyDecoder() {}

    /**
     * Takes a header off the front of {@code in}; null, and nothing taken, while there is too little to tell.
     *
     * @throws ProtocolException if it is no header, or one that must not be
     */
    static @Nullable Proxied decode(ByteBuf in) throws ProtocolException {
        int first = in.readerIndex();
        if (!in.isReadable()) {
            return null;
        }
        if (in.getByte(first) != ProxyEncoder.SIGNATURE[0]) {
            return ProxyLine.decode(in);
        }
        for (int i = 0; i < ProxyEncoder.SIGNATURE.length && i < in.readableBytes(); i++) {
            check(in.getByte(first + i) == ProxyEncoder.SIGNATURE[i], "no signature");
        }
        if (in.readableBytes() < FIXED) {
            return null;
        }
        int command = in.getUnsignedByte(first + 12);
        int family = in.getUnsignedByte(first + 13);
        int length = in.getUnsignedShort(first + 14);
        check(command == 0x20 || command == 0x21, "version and command");
        boolean isLocal = command == 0x20;
        // Of a local connection nothing is used, so any family will do.
        int addresses = isLocal ? 0 : addressesLength(family);
        check(addresses >= 0, "family and transport");
        check(length >= addresses, "too short for its addresses");
        check(length <= addresses + MAX_EXTENSIONS, "more than 1,024 bytes of extensions");
        if (in.readableBytes() < FIXED + length) {
            return null;
        }
        if (!isLocal) {
            checkExtensions(in, first + FIXED + addresses, first + FIXED + length);
        }
        int size = isLocal ? 0 : addressSize(family);
        Proxied proxied = size == 0 ? Proxied.NOBODY : addresses(in, first + FIXED, size);
        in.skipBytes(FIXED + length);
        return proxied;
    }

    /** Of the seven values there are; -1 for another. */
    private static int addressesLength(int family) {
        return switch (family) {
            case 0x00 -> 0;
            case 0x11, 0x12 -> 12;
            case 0x21, 0x22 -> 36;
            case 0x31, 0x32 -> 216; // names of local sockets, which say nothing here
            default -> -1;
        };
    }

    private static int addressSize(int family) {
        return switch (family >> 4) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
    }

    private static Proxied addresses(ByteBuf in, int at, int size) {
        int ports = at + 2 * size;
        return new Proxied(
                new InetSocketAddress(address(in, at, size), in.getUnsignedShort(ports)),
                new InetSocketAddress(address(in, at + size, size), in.getUnsignedShort(ports + 2)));
    }

    private static InetAddress address(ByteBuf in, int at, int size) {
        byte[] bytes = new byte[size];
        in.getBytes(at, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // 4 and 16 bytes are addresses
        }
    }

    private static void checkExtensions(ByteBuf in, int from, int to) throws ProtocolException {
        int at = from;
        while (at < to) {
            check(to - at >= 3, "extension cut off");
            int length = in.getUnsignedShort(at + 1);
            check(length <= to - at - 3, "extension longer than the header");
            if (in.getByte(at) == CRC32C) {
                check(length == 4, "checksum of another length");
                checkSum(in, at + 3, to);
            }
            at += 3 + length;
        }
    }

    /** Over the whole header, the checksum itself taken as zero. */
    private static void checkSum(ByteBuf in, int at, int to) throws ProtocolException {
        byte[] header = new byte[to - in.readerIndex()];
        in.getBytes(in.readerIndex(), header);
        int expected = in.getInt(at);
        Arrays.fill(header, at - in.readerIndex(), at - in.readerIndex() + 4, (byte) 0);
        check(Hashing.crc32c().hashBytes(header).asInt() == expected, "checksum");
    }

    static void check(boolean right, String what) throws ProtocolException {
        if (!right) {
            throw new ProtocolException("PROXY header: " + what);
        }
    }
}
