package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server's name in the first message of a TLS client, and changes nothing of it. With Encrypted Client Hello that
 * is the outer name, the only one that is readable.
 *
 * @see "Rescorla: TLS 1.3, RFC 8446 (2018), sections 4.1.2 and 5.1; Eastlake: TLS Extensions, RFC 6066 (2011), section 3"
 */
final class ClientHello {
    /** What is read before it is given up: as much as one record can carry. */
    static final int MAX_LENGTH = 16 << 10;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int VERSION_AND_RANDOM = 2 + 32;

    private ClientHello() {}

    /**
     * The name in lower case, empty if the client gives none; null while there is too little to tell. Takes nothing from
     * {@code in}.
     *
     * @throws ProtocolException if it is not the first message of a TLS client, or too long
     */
    static @Nullable String serverName(ByteBuf in) throws ProtocolException {
        ByteBuf message = Unpooled.buffer(0, MAX_LENGTH);
        int at = in.readerIndex();
        while (in.writerIndex() - at >= RECORD_HEADER) {
            check(in.getUnsignedByte(at) == HANDSHAKE && in.getUnsignedByte(at + 1) == 3, "no handshake");
            int length = in.getUnsignedShort(at + 3);
            check(length > 0 && message.readableBytes() + length <= MAX_LENGTH, "length of a record");
            int present = Math.min(length, in.writerIndex() - at - RECORD_HEADER);
            message.writeBytes(in, at + RECORD_HEADER, present);
            if (isComplete(message)) {
                return nameIn(body(message));
            }
            at += RECORD_HEADER + length;
        }
        check(at >= in.writerIndex() || in.getUnsignedByte(at) == HANDSHAKE, "no handshake");
        return null;
    }

    private static boolean isComplete(ByteBuf message) throws ProtocolException {
        if (message.isReadable()) {
            check(message.getByte(0) == CLIENT_HELLO, "another message");
        }
        if (message.readableBytes() < 4) {
            return false;
        }
        int length = message.getUnsignedMedium(1);
        check(length <= MAX_LENGTH - 4, "longer than 16 KiB");
        return message.readableBytes() >= 4 + length;
    }

    private static ByteBuf body(ByteBuf message) {
        return message.slice(4, message.getUnsignedMedium(1));
    }

    private static String nameIn(ByteBuf hello) throws ProtocolException {
        skip(hello, VERSION_AND_RANDOM);
        skip(hello, number(hello, 1)); // session
        skip(hello, number(hello, 2)); // cipher suites
        skip(hello, number(hello, 1)); // compression methods
        if (!hello.isReadable()) {
            return ""; // before TLS 1.2 there need not be extensions
        }
        ByteBuf extensions = block(hello);
        while (extensions.isReadable()) {
            int type = number(extensions, 2);
            ByteBuf extension = block(extensions);
            if (type == SERVER_NAME) {
                return hostName(block(extension));
            }
        }
        return "";
    }

    private static String hostName(ByteBuf names) throws ProtocolException {
        while (names.isReadable()) {
            int type = number(names, 1);
            ByteBuf name = block(names);
            if (type == HOST_NAME) {
                return checked(name);
            }
        }
        return "";
    }

    /** Only what host names are made of: it reaches logs. */
    private static String checked(ByteBuf name) throws ProtocolException {
        check(name.isReadable() && name.readableBytes() <= 255, "length of the name");
        StringBuilder text = new StringBuilder(name.readableBytes());
        while (name.isReadable()) {
            char c = Character.toLowerCase((char) name.readUnsignedByte());
            check((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_', "name");
            text.append(c);
        }
        return text.toString();
    }

    private static ByteBuf block(ByteBuf in) throws ProtocolException {
        int length = number(in, 2);
        check(length <= in.readableBytes(), "a length beyond the end");
        return in.readSlice(length);
    }

    private static int number(ByteBuf in, int bytes) throws ProtocolException {
        check(in.readableBytes() >= bytes, "a field beyond the end");
        return bytes == 1 ? in.readUnsignedByte() : in.readUnsignedShort();
    }

    private static void skip(ByteBuf in, int bytes) throws ProtocolException {
        check(in.readableBytes() >= bytes, "a field beyond the end");
        in.skipBytes(bytes);
    }

    private static void check(boolean right, String what) throws ProtocolException {
        if (!right) {
            throw new ProtocolException("ClientHello: " + what);
        }
    }
}
