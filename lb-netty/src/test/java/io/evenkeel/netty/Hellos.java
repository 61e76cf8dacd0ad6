package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** First messages of TLS clients: what the JDK sends, and what is made by hand. Each character of a string is a byte. */
final class Hellos {
    /** Version, random, no session, one cipher suite, no compression. */
    static final String NO_EXTENSIONS = "\3\3" + "r".repeat(32) + "\0" + "\0\2\23\1" + "\1\0";

    /** Type and content that nobody knows (RFC 8701). */
    static final String GREASE = extension(0x0a0a, "") + extension(0xfafa, "x");

    private Hellos() {}

    /** With one record around it; no name if it is null. */
    static byte[] ofJdk(String version, String name) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, null, null);
            SSLEngine engine = tls.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            if (name != null) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            assertTrue(out.flip().remaining() > 100);
            return Arrays.copyOf(out.array(), out.limit());
        } catch (GeneralSecurityException | SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** In one record. */
    static byte[] of(String... extensions) {
        return inRecords(withExtensions(extensions), 1 << 14);
    }

    static byte[] naming(String name) {
        return of(GREASE, serverName(name), GREASE);
    }

    static String withExtensions(String... extensions) {
        return message(NO_EXTENSIONS + block(String.join("", extensions)));
    }

    static String message(String body) {
        return "\1" + (char) (body.length() >> 16) + block(body);
    }

    static String serverName(String name) {
        return extension(0, block("\0" + block(name)));
    }

    static String extension(int type, String content) {
        return "" + (char) (type >> 8) + (char) (type & 0xff) + block(content);
    }

    /** With its length before it, in two bytes. */
    static String block(String content) {
        return "" + (char) (content.length() >> 8 & 0xff) + (char) (content.length() & 0xff) + content;
    }

    /** In records of that length. */
    static byte[] inRecords(String message, int length) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int at = 0; at < message.length(); at += length) {
            String part = message.substring(at, Math.min(message.length(), at + length));
            records.writeBytes(("\26\3\1" + block(part)).getBytes(ISO_8859_1));
        }
        return records.toByteArray();
    }
}
