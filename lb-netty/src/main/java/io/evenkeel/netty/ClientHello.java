package io.evenkeel.netty;

import io.netty.buffer.ByteBuf;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server's name in the first message of a TLS client as it comes in, and changes nothing of it. Looks at each byte
 * once or twice, however many pieces they come in. What it does not know it passes over: clients send extensions that mean
 * nothing (GREASE, RFC 8701) so that nobody trips over new ones.
 *
 * @see "Rescorla: TLS 1.3, RFC 8446 (2018), sections 4.1.2, 4.2 and 5.1"
 * @see "Eastlake: TLS Extensions, RFC 6066 (2011), section 3"
 */
final class ClientHello {
    static final int RECORD_HEADER = 5;

    /** What is read before it is given up, with the headers of records: as much as one record can be. */
    static final int MAX_LENGTH = RECORD_HEADER + (16 << 10);

    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int HEADER = 4;
    private static final int CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;

    private int seen; // bytes of whole records
    private int carried; // bytes of the message in them
    private int length = HEADER; // of the message, as far as it is known

    /** Whether what there is can be the beginning of a TLS connection. */
    static boolean mayBegin(ByteBuf in) {
        int first = in.readerIndex();
        int present = in.readableBytes();
        return (present < 1 || in.getByte(first) == HANDSHAKE)
                && (present < 2 || in.getByte(first + 1) == MAJOR_VERSION);
    }

    /**
     * The name in lower case, empty if the client gives none; null while there is too little to tell. Takes nothing from
     * {@code in}, which must have all from the beginning, and each time more of it.
     *
     * @throws ProtocolException if it is no right first message, or too long
     */
    @Nullable
    String serverName(ByteBuf in) throws ProtocolException {
        while (in.readableBytes() - seen >= RECORD_HEADER) {
            int at = in.readerIndex() + seen;
            check(in.getByte(at) == HANDSHAKE && in.getByte(at + 1) == MAJOR_VERSION, "another record");
            int recordLength = in.getUnsignedShort(at + RECORD_HEADER - 2);
            int next = seen + RECORD_HEADER + recordLength;
            check(recordLength > 0, "an empty record");
            check(next <= MAX_LENGTH, "longer than 16 KiB");
            int missing = Math.max(0, next - in.readableBytes());
            if (isComplete(in, carried + recordLength - missing)) {
                return name(in);
            }
            if (missing > 0) {
                return null;
            }
            carried += recordLength;
            seen = next;
        }
        return null;
    }

    private boolean isComplete(ByteBuf in, int present) throws ProtocolException {
        if (length == HEADER && present >= HEADER) {
            HelloFields fields = new HelloFields(in);
            check(fields.number(1, HEADER) == CLIENT_HELLO, "another message");
            length = HEADER + fields.number(3, HEADER);
            check(length > HEADER, "an empty message");
            check(length <= MAX_LENGTH - RECORD_HEADER, "longer than 16 KiB");
        }
        return length > HEADER && present >= length;
    }

    private String name(ByteBuf in) throws ProtocolException {
        HelloFields fields = new HelloFields(in);
        fields.skipTo(HEADER);
        check(length >= HEADER + VERSION_AND_RANDOM, "a field beyond the end");
        fields.skipTo(HEADER + VERSION_AND_RANDOM);
        fields.skipTo(fields.block(1, length)); // session
        fields.skipTo(fields.block(2, length)); // cipher suites
        fields.skipTo(fields.block(1, length)); // compression methods
        if (fields.position() == length) {
            return ""; // before TLS 1.3 there need not be extensions
        }
        check(fields.block(2, length) == length, "something after the extensions");
        String name = null;
        while (fields.position() < length) {
            int type = fields.number(2, length);
            int end = fields.block(2, length);
            if (type == SERVER_NAME) {
                check(name == null, "two lists of server names");
                name = hostName(fields, end);
            }
            fields.skipTo(end);
        }
        return name == null ? "" : name;
    }

    private static String hostName(HelloFields fields, int end) throws ProtocolException {
        check(fields.block(2, end) == end && fields.position() < end, "length of the list of server names");
        String name = null;
        while (fields.position() < end) {
            int type = fields.number(1, end);
            int nameEnd = fields.block(2, end);
            if (type == HOST_NAME) {
                check(name == null, "two server names");
                name = text(fields, nameEnd);
            }
            fields.skipTo(nameEnd);
        }
        return name == null ? "" : name;
    }

    /** Only what host names are made of: it reaches logs. */
    private static String text(HelloFields fields, int end) throws ProtocolException {
        int length = end - fields.position();
        check(length > 0 && length <= MAX_NAME, "length of the server name");
        StringBuilder text = new StringBuilder(length);
        char before = '.';
        while (fields.position() < end) {
            char c = Character.toLowerCase((char) fields.number(1, end));
            boolean isOfLabel = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            check(isOfLabel || (c == '.' && before != '.'), "not a server name");
            text.append(c);
            before = c;
        }
        check(before != '.', "not a server name"); // it has no dot at the end (RFC 6066, section 3)
        return text.toString();
    }

    static void check(boolean right, String what) throws ProtocolException {
        if (!right) {
            throw new ProtocolException("ClientHello: " + what);
        }
    }
}
