package io.evenkeel.netty;

import static io.evenkeel.netty.ProxyDecoder.check;

import com.google.common.base.CharMatcher;
import com.google.common.net.InetAddresses;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads version 1 of the PROXY protocol, a line of text. */
final class ProxyLine {
    private static final byte[] BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LENGTH = 107;
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final CharMatcher FOUR = CharMatcher.anyOf("0123456789.");
    private static final CharMatcher SIX = CharMatcher.anyOf("0123456789abcdefABCDEF:.");

    private ProxyLine() {}

    /** As {@link ProxyDecoder#decode}. */
    static @Nullable Proxied decode(ByteBuf in) throws ProtocolException {
        int first = in.readerIndex();
        for (int i = 0; i < BEGIN.length && i < in.readableBytes(); i++) {
            check(in.getByte(first + i) == BEGIN[i], "no signature");
        }
        int seen = Math.min(in.readableBytes(), MAX_LENGTH);
        int end = in.indexOf(first, first + seen, (byte) '\n');
        if (end < 0) {
            check(seen < MAX_LENGTH, "line longer than 107 bytes");
            return null;
        }
        String line = in.toString(first, end + 1 - first, StandardCharsets.ISO_8859_1);
        check(line.endsWith("\r\n"), "line does not end in CR LF");
        Proxied proxied = parse(line.substring(BEGIN.length, line.length() - 2));
        in.skipBytes(line.length());
        return proxied;
    }

    private static Proxied parse(String line) throws ProtocolException {
        if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
            return Proxied.NOBODY; // whatever follows
        }
        String[] fields = line.split(" ", -1);
        check(fields.length == 5, "fields");
        boolean four = fields[0].equals("TCP4");
        check(four || fields[0].equals("TCP6"), "family");
        return new Proxied(address(fields[1], fields[3], four), address(fields[2], fields[4], four));
    }

    private static InetSocketAddress address(String ip, String port, boolean four) throws ProtocolException {
        check((four ? FOUR : SIX).matchesAllOf(ip) && four != ip.contains(":"), "address");
        check(InetAddresses.isInetAddress(ip), "address");
        check(PORT.matcher(port).matches() && Integer.parseInt(port) <= 65_535, "port");
        return new InetSocketAddress(InetAddresses.forString(ip), Integer.parseInt(port));
    }
}
