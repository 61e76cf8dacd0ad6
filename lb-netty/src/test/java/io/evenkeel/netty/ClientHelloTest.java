package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's name in the first message of TLS clients. */
@Tag("netty")
class ClientHelloTest {
    private static final String NO_EXTENSIONS = "\3\3" + "r".repeat(32) + "\0" + "\0\2\23\1" + "\1\0";

    @DisplayName(
            "2. SNI: the name in what the JDK sends is found, in lower case, as soon as it is all there, and nothing taken")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theNameInWhatTheJdkSendsIsFound(String version) throws Exception {
        ByteBuf hello = jdkHello(version, "Shop.Example.ORG");

        for (int length = 0; length < hello.readableBytes(); length++) {
            assertNull(ClientHello.serverName(hello.slice(0, length)), "cut to " + length);
        }
        assertEquals("shop.example.org", ClientHello.serverName(hello));
        assertEquals(0, hello.readerIndex());
    }

    @DisplayName("2. SNI: a message in several records is put together")
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void aMessageInSeveralRecordsIsPutTogether(int pieceLength) throws Exception {
        ByteBuf hello = jdkHello("TLSv1.3", "shop.example.org").skipBytes(5);
        ByteBuf records = Unpooled.buffer();
        while (hello.isReadable()) {
            int length = Math.min(pieceLength, hello.readableBytes());
            records.writeByte(22).writeShort(0x0301).writeShort(length).writeBytes(hello, length);
        }

        assertEquals("shop.example.org", ClientHello.serverName(records));
        assertNull(ClientHello.serverName(records.slice(0, records.readableBytes() - 1)));
    }

    @Test
    @DisplayName("2. SNI: a client that gives no name, or no extensions at all, has an empty one")
    void aClientMayGiveNoName() throws Exception {
        assertEquals("", ClientHello.serverName(jdkHello("TLSv1.3", null)));
        assertEquals("", ClientHello.serverName(record(message(NO_EXTENSIONS))));
        assertEquals("", ClientHello.serverName(record(message(NO_EXTENSIONS + "\0\0"))));
    }

    @Test
    @DisplayName("2. SNI: extensions that mean nothing (GREASE) are passed over")
    void extensionsThatMeanNothingArePassedOver() throws ProtocolException {
        String grease = "\12\12\0\1x" + "\372\372\0\0";
        String name = "\0\0\0\6" + "\0\4\0\0\1a";

        assertEquals("a", ClientHello.serverName(record(message(NO_EXTENSIONS + "\0\23" + grease + name))));
    }

    @Test
    @DisplayName("2. SNI: what is no first message of a TLS client is refused, as early as it shows")
    void whatIsNoClientHelloIsRefused() {
        String evil = "\0\0\0\12" + "\0\10\0\0\5a\r\nb\0";
        for (String refused : List.of(
                "G",
                "GET / HTTP/1.1\r\n\r\n",
                "\26\2\0\0\1\1",
                "\26\3\1\0\0",
                record("\2\0\0\0").toString(ISO_8859_1),
                record("\1\0\100\0").toString(ISO_8859_1),
                record(message(NO_EXTENSIONS + "\0\1")).toString(ISO_8859_1),
                record(message(NO_EXTENSIONS + "\0\4\0\0\0\1")).toString(ISO_8859_1),
                record(message(NO_EXTENSIONS + "\0\16" + evil)).toString(ISO_8859_1))) {
            assertThrows(
                    ProtocolException.class,
                    () -> ClientHello.serverName(Unpooled.copiedBuffer(refused, ISO_8859_1)),
                    refused);
        }
    }

    @Test
    @DisplayName("2. SNI: nobody waits for more than 16 KiB")
    void nobodyWaitsForMoreThan16KiB() throws ProtocolException {
        int longest = ClientHello.MAX_LENGTH - 4;
        String head = "\1\0" + (char) (longest >> 8) + (char) (longest & 0xff);
        String tooLong = "\1\0" + (char) ((longest + 1) >> 8) + (char) ((longest + 1) & 0xff);

        assertNull(ClientHello.serverName(record(head)));
        assertThrows(ProtocolException.class, () -> ClientHello.serverName(record(tooLong)));
    }

    private static ByteBuf jdkHello(String version, String name) throws GeneralSecurityException, SSLException {
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
        return Unpooled.wrappedBuffer(out);
    }

    private static String message(String body) {
        return "\1\0" + (char) (body.length() >> 8) + (char) (body.length() & 0xff) + body;
    }

    private static ByteBuf record(String message) {
        return Unpooled.copiedBuffer(
                "\26\3\1" + (char) (message.length() >> 8) + (char) (message.length() & 0xff) + message, ISO_8859_1);
    }
}
