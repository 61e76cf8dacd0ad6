package io.evenkeel.netty;

import static io.evenkeel.netty.Hellos.NO_EXTENSIONS;
import static io.evenkeel.netty.Hellos.block;
import static io.evenkeel.netty.Hellos.extension;
import static io.evenkeel.netty.Hellos.inRecords;
import static io.evenkeel.netty.Hellos.message;
import static io.evenkeel.netty.Hellos.serverName;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's name in the first message of TLS clients. */
@Tag("netty")
class ClientHelloTest {
    @DisplayName(
            "2. SNI: the name in what the JDK sends is found in lower case with the last byte, and nothing is taken")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theNameInWhatTheJdkSendsIsFound(String version) throws ProtocolException {
        byte[] hello = Hellos.ofJdk(version, "Shop.Example.ORG");
        ByteBuf in = Unpooled.buffer();
        ClientHello reader = new ClientHello();

        for (int i = 0; i < hello.length - 1; i++) {
            in.writeByte(hello[i]);
            assertNull(reader.serverName(in), "after " + i);
        }
        in.writeByte(hello[hello.length - 1]);

        assertEquals("shop.example.org", reader.serverName(in));
        assertEquals(0, in.readerIndex());
    }

    @DisplayName("2. SNI: a message in several records is put together")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 100})
    void aMessageInSeveralRecordsIsPutTogether(int length) throws ProtocolException {
        byte[] hello = inRecords(Hellos.withExtensions(Hellos.GREASE, serverName("shop.example.org")), length);

        assertEquals("shop.example.org", nameIn(hello));
        assertNull(new ClientHello().serverName(Unpooled.wrappedBuffer(hello, 0, hello.length - 1)));
    }

    @Test
    @DisplayName("2. SNI: in whatever pieces and records a message comes, what is found in it is the same")
    void piecesMakeNoDifference() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> inputs = new ArrayList<>();
        try (var files = Files.list(Path.of("src/test/resources/fuzz/server-name"))) {
            for (Path file : files.toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        }
        for (int i = 0; i < 200; i++) {
            String message = Hellos.withExtensions(Hellos.GREASE, serverName("n".repeat(1 + random.nextInt(300))));
            inputs.add(inRecords(message, 1 + random.nextInt(400)));
        }

        for (byte[] input : inputs) {
            String whole = outcome(input, input.length, random);
            for (int longest : new int[] {1, 5, 60}) {
                assertEquals(whole, outcome(input, longest, random));
            }
        }
    }

    private static String outcome(byte[] input, int longestPiece, SplittableRandom random) {
        ByteBuf in = Unpooled.buffer();
        ClientHello reader = new ClientHello();
        try {
            for (int at = 0; at < input.length; ) {
                int piece = longestPiece == input.length
                        ? input.length
                        : Math.min(input.length - at, 1 + random.nextInt(longestPiece));
                in.writeBytes(input, at, piece);
                at += piece;
                String name = ClientHello.mayBegin(in) ? reader.serverName(in) : "no TLS";
                if (name != null) {
                    return name;
                }
            }
            return "too little";
        } catch (ProtocolException e) {
            return e.toString();
        }
    }

    @Test
    @DisplayName("2. SNI: a client that gives no name, or no extensions at all, has an empty one")
    void aClientMayGiveNoName() throws ProtocolException {
        assertEquals("", nameIn(Hellos.ofJdk("TLSv1.3", null)));
        assertEquals("", nameIn(inRecords(message(NO_EXTENSIONS), 100)));
        assertEquals("", nameIn(Hellos.of()));
        assertEquals("", nameIn(Hellos.of(Hellos.GREASE)));
        assertEquals("", nameIn(Hellos.of(extension(0, block("\7" + block("of a kind to come"))))));
    }

    @Test
    @DisplayName("2. SNI: extensions that mean nothing (GREASE) and names of other kinds are passed over")
    void whatIsUnknownIsPassedOver() throws ProtocolException {
        assertEquals("a", nameIn(Hellos.of(Hellos.GREASE, serverName("a"), Hellos.GREASE)));
        assertEquals("b", nameIn(Hellos.of(extension(0, block("\7" + block("?") + "\0" + block("b"))))));
        assertEquals("outer.example", nameIn(Hellos.of(extension(0xfe0d, "\0hidden"), serverName("outer.example"))));
    }

    @DisplayName("2. SNI: what is no right first message of a TLS client is refused, with the reason")
    @ParameterizedTest
    @CsvSource({
        "another record,        '\\27\\3\\3\\0\\1x'",
        "an empty record,       '\\26\\3\\1\\0\\0'",
        "another message,       '\\26\\3\\1\\0\\4\\2\\0\\0\\0'",
        "an empty message,      '\\26\\3\\1\\0\\4\\1\\0\\0\\0'",
        "another record,        '\\26\\3\\1\\0\\1\\1\\25\\3\\3\\0\\2\\2\\0'",
        "a field beyond the end,'\\26\\3\\1\\0\\5\\1\\0\\0\\1x'",
    })
    void whatIsNoClientHelloIsRefused(String reason, String bytes) {
        assertRefused(reason, bytes.translateEscapes().getBytes(ISO_8859_1));
    }

    @Test
    @DisplayName("2. SNI: a message whose fields do not fit together is refused, with the reason")
    void fieldsThatDoNotFitAreRefused() {
        assertRefused("a field beyond the end", inRecords(message(NO_EXTENSIONS + "\0"), 100));
        assertRefused("a length beyond the end", inRecords(message(NO_EXTENSIONS + "\0\1"), 100));
        assertRefused("something after the extensions", inRecords(message(NO_EXTENSIONS + "\0\0x"), 100));
        assertRefused("a field beyond the end", Hellos.of("\0"));
        assertRefused("a length beyond the end", Hellos.of("\0\0\0\1"));
        assertRefused("a length beyond the end", inRecords(message("\3\3" + "r".repeat(32) + "\40"), 100));
    }

    @Test
    @DisplayName("2. SNI: a list of names that is malformed, or has two, is refused, with the reason")
    void listsOfNamesThatAreMalformedAreRefused() {
        assertRefused("two lists of server names", Hellos.of(serverName("a"), serverName("a")));
        assertRefused("two server names", Hellos.of(extension(0, block("\0" + block("a") + "\0" + block("b")))));
        assertRefused("length of the list of server names", Hellos.of(extension(0, block(""))));
        assertRefused("length of the list of server names", Hellos.of(extension(0, block("\0" + block("a")) + "x")));
        assertRefused("a field beyond the end", Hellos.of(extension(0, "")));
        assertRefused("a length beyond the end", Hellos.of(extension(0, block("\0\0\2a"))));
        assertRefused("length of the server name", Hellos.of(serverName("")));
        assertRefused("length of the server name", Hellos.of(serverName("a".repeat(256))));
    }

    @DisplayName("2. SNI: a name that is none is refused: it would forge lines of logs, or mean another place")
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a b", "a\0", "*.example.org", "::1", "\344.example", ".a", "a.", "a..b", "."})
    void namesThatAreNoneAreRefused(String name) {
        assertRefused("not a server name", Hellos.of(serverName(name)));
    }

    @Test
    @DisplayName("2. SNI: a message of 16 KiB is read, and nobody waits for a longer one")
    void nobodyWaitsForMoreThan16KiB() throws ProtocolException {
        int fixed = Hellos.withExtensions(serverName("a"), extension(21, "")).length();
        String longest = Hellos.withExtensions(serverName("a"), extension(21, "\0".repeat((16 << 10) - fixed)));
        String longer = Hellos.withExtensions(serverName("a"), extension(21, "\0".repeat((16 << 10) - fixed + 1)));

        assertEquals("a", nameIn(inRecords(longest, 16 << 10)));
        assertRefused("longer than 16 KiB", inRecords(longest, 8 << 10)); // the second header is too much
        assertRefused("longer than 16 KiB", inRecords(longer, 16 << 10));
        assertRefused("longer than 16 KiB", inRecords(longer.substring(0, 4), 4));
        assertRefused("longer than 16 KiB", "\26\3\1\100\1".getBytes(ISO_8859_1));
    }

    @Test
    @DisplayName("2. SNI: what does not speak TLS shows with its first two bytes")
    void whatDoesNotSpeakTlsShowsAtOnce() {
        for (String tls : List.of("", "\26", "\26\3", "\26\3\1\0\1\1")) {
            assertTrue(ClientHello.mayBegin(Unpooled.copiedBuffer(tls, ISO_8859_1)));
        }
        for (String other : List.of("G", "\26\2", "SSH-2.0", "\200\56\1\3\1")) {
            assertFalse(ClientHello.mayBegin(Unpooled.copiedBuffer(other, ISO_8859_1)));
        }
    }

    private static String nameIn(byte[] hello) throws ProtocolException {
        return new ClientHello().serverName(Unpooled.wrappedBuffer(hello));
    }

    private static void assertRefused(String reason, byte[] hello) {
        ProtocolException refused = assertThrows(ProtocolException.class, () -> nameIn(hello), reason);
        assertEquals("ClientHello: " + reason, refused.getMessage());
    }
}
