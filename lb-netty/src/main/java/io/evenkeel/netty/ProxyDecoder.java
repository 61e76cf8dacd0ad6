package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that a proxy sends before anything else: of either version over TCP, of version 2 in each datagram. Strict,
 * and refuses as early as the bytes allow. Extensions (TLVs) are checked and dropped: they are the proxy's word to us, and not
 * ours to backends.
 *
 * @see "The PROXY protocol, versions 1 and 2: haproxy.org, doc/proxy-protocol.txt, section 2"
 */
final class ProxyDecoder {
    private static final int FIXED = 16;
    private static final int MAX_EXTENSIONS = 1024;
    private static final int CHECKSUM = 0x03;
    private static final int UNSPECIFIED = 0;
    private static final int DATAGRAM = 2;

    private ProxyDecoder() {}

    /**
     * Takes a header off the front of {@code in}; null, and nothing taken, while there is too little to tell.
     *
     * @throws ProtocolException if it is no header, or one that must not be
     */
    static @Nullable Proxied decode(ByteBuf in) throws ProtocolException {
        if (!in.isReadable()) {
            return null;
        }
        if (in.getByte(in.readerIndex()) != ProxyEncoder.SIGNATURE[0]) {
            return ProxyLine.decode(in);
        }
        int length = length(in);
        if (length == 0) {
            return null;
        }
        Proxied proxied = proxied(in);
        in.skipBytes(length);
        return proxied;
    }

    /**
     * Checks the header of a datagram, which stays where it is, and makes nothing.
     *
     * @return how long it is
     * @throws ProtocolException if the datagram does not begin with all of a header of version 2, or with one of a stream
     */
    static int checkDatagram(ByteBuf datagram) throws ProtocolException {
        int length = length(datagram);
        check(length > 0, "cut off");
        int transport = isLocal(datagram) ? UNSPECIFIED : family(datagram) & 0x0f;
        check(transport == UNSPECIFIED || transport == DATAGRAM, "not of a datagram");
        return length;
    }

    /** How long a header of version 2 is; 0 while there is too little to tell. */
    private static int length(ByteBuf in) throws ProtocolException {
        int first = in.readerIndex();
        for (int i = 0; i < ProxyEncoder.SIGNATURE.length && i < in.readableBytes(); i++) {
            check(in.getByte(first + i) == ProxyEncoder.SIGNATURE[i], "no signature");
        }
        if (in.readableBytes() < FIXED) {
            return 0;
        }
        int command = in.getUnsignedByte(first + 12);
        int length = in.getUnsignedShort(first + 14);
        check(command == 0x20 || command == 0x21, "version and command");
        // Of a local connection nothing is used, so any family will do.
        int addresses = isLocal(in) ? 0 : addressesLength(family(in));
        check(addresses >= 0, "family and transport");
        check(length >= addresses, "too short for its addresses");
        check(length <= addresses + MAX_EXTENSIONS, "more than 1,024 bytes of extensions");
        if (in.readableBytes() < FIXED + length) {
            return 0;
        }
        if (!isLocal(in)) {
            checkExtensions(in, first + FIXED + addresses, first + FIXED + length);
        }
        return FIXED + length;
    }

    private static boolean isLocal(ByteBuf in) {
        return in.getUnsignedByte(in.readerIndex() + 12) == 0x20;
    }

    private static int family(ByteBuf in) {
        return in.getUnsignedByte(in.readerIndex() + 13);
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

    /** Where the addresses of a header are that was checked. */
    static int addressesAt(ByteBuf in) {
        return in.readerIndex() + FIXED;
    }

    /** How long each address of it is; 0 if they name nobody. */
    static int addressSize(ByteBuf in) {
        return switch (isLocal(in) ? 0 : family(in) >> 4) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
    }

    /** Whom it names. */
    static Proxied proxied(ByteBuf in) {
        int at = addressesAt(in);
        int size = addressSize(in);
        if (size == 0) {
            return Proxied.NOBODY;
        }
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
            if (in.getByte(at) == CHECKSUM) {
                check(length == 4, "checksum of another length");
                checkSum(in, at + 3, to);
            }
            at += 3 + length;
        }
    }

    /** Over the whole header, the checksum itself taken as zero. */
    private static void checkSum(ByteBuf in, int at, int to) throws ProtocolException {
        CRC32C sum = new CRC32C();
        for (int i = in.readerIndex(); i < to; i++) {
            boolean isOwn = i >= at && i < at + 4;
            sum.update(isOwn ? 0 : in.getByte(i));
        }
        check((int) sum.getValue() == in.getInt(at), "checksum");
    }

    static void check(boolean right, String what) throws ProtocolException {
        if (!right) {
            throw new MalformedException("PROXY header: " + what);
        }
    }

    /** Has no stack trace: where it was thrown says nothing, and whoever forges datagrams decides how many there are. */
    private static final class MalformedException extends ProtocolException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
