package io.evenkeel.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.evenkeel.testing.Vectors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of the PROXY protocol, written and read. */
@Tag("netty")
class ProxyProtocolTest {
    private static final String FIXED = "0d0a0d0a000d0a515549540a";
    private static final String ADDRESSES = "c0a80001c0a8000bdc0401bb";

    @Test
    @DisplayName("2. S3: the vectors are read as they say, byte by byte, and their bad ones are refused")
    void theVectorsAreReadAsTheySay() throws ProtocolException {
        int good = 0;
        int bad = 0;
        for (JsonObject vector : Vectors.objects("proxy_protocol.json", "cases").toList()) {
            for (String refused : refused(vector)) {
                assertThrows(ProtocolException.class, () -> decode(refused), refused);
                bad++;
            }
            String header = header(vector);
            if (!header.isEmpty()) {
                Proxied proxied = decodeInPieces(header);
                assertEquals(header.contains("UNKNOWN") || isLocal(vector), proxied.source() == null, header);
                good++;
            }
        }

        assertEquals(10, good);
        assertEquals(10, bad);
    }

    private static List<String> refused(JsonObject vector) {
        List<String> headers = new ArrayList<>();
        for (JsonElement text : array(vector, "rejected")) {
            headers.add(text.getAsString());
        }
        for (JsonElement hex : array(vector, "rejected_hex")) {
            headers.add(binary(hex.getAsString()));
        }
        return headers;
    }

    private static JsonArray array(JsonObject vector, String name) {
        return vector.has(name) ? vector.getAsJsonArray(name) : new JsonArray();
    }

    private static String header(JsonObject vector) {
        if (vector.has("text")) {
            return vector.get("text").getAsString();
        }
        return vector.has("hex") ? binary(vector.get("hex").getAsString()) : "";
    }

    private static boolean isLocal(JsonObject vector) {
        return vector.has("command") && vector.get("command").getAsString().equals("LOCAL");
    }

    @Test
    @DisplayName("2. S3: of the 256 values of the command byte two are read, and of them only one with any family")
    void ofEachByteOnlyTheValuesThereAreAreRead() {
        List<String> read = new ArrayList<>();
        for (int command = 0; command < 256; command++) {
            for (int family = 0; family < 256; family++) {
                String header = "%02x%02x".formatted(command, family);
                // As long as the longest addresses, those of local sockets.
                if (isRead(binary(FIXED + header + "00d8" + "00".repeat(216)))) {
                    read.add(header);
                }
            }
        }

        List<String> expected = new ArrayList<>();
        for (int family = 0; family < 256; family++) {
            expected.add("20%02x".formatted(family));
        }
        expected.addAll(List.of("2100", "2111", "2112", "2121", "2122", "2131", "2132"));
        assertEquals(expected, read);
    }

    @Test
    @DisplayName(
            "2. S3: before a datagram, of 65,536 values of command and family the same are read but those of a stream")
    void beforeADatagramNoHeaderOfAStreamIsRead() {
        List<String> read = new ArrayList<>();
        for (int command = 0; command < 256; command++) {
            for (int family = 0; family < 256; family++) {
                String header = "%02x%02x".formatted(command, family);
                if (isReadBeforeDatagram(binary(FIXED + header + "00d8" + "00".repeat(216)))) {
                    read.add(header);
                }
            }
        }

        List<String> expected = new ArrayList<>();
        for (int family = 0; family < 256; family++) {
            expected.add("20%02x".formatted(family));
        }
        expected.addAll(List.of("2100", "2112", "2122", "2132"));
        assertEquals(expected, read);
    }

    @Test
    @DisplayName("2. S3: a datagram has all of a header of version 2 or none")
    void aDatagramHasAllOfAHeaderOrNone() {
        String header = binary(FIXED + "2112000c" + ADDRESSES);

        assertTrue(isReadBeforeDatagram(header));
        for (int length = 0; length < header.length(); length++) {
            assertFalse(isReadBeforeDatagram(header.substring(0, length)), "cut to " + length);
        }
        assertFalse(isReadBeforeDatagram("PROXY UNKNOWN\r\n"));
    }

    private static boolean isReadBeforeDatagram(String datagram) {
        try {
            return ProxyDecoder.checkDatagram(buffer(datagram)) > 0;
        } catch (ProtocolException e) {
            return false;
        }
    }

    private static boolean isRead(String header) {
        try {
            return decode(header) != null;
        } catch (ProtocolException e) {
            return false;
        }
    }

    @Test
    @DisplayName("2. S3: a header is taken off and nothing else; a part of one takes nothing")
    void aHeaderIsTakenOffAndNothingElse() throws ProtocolException {
        ByteBuf two = buffer(binary(FIXED + "2111000c" + ADDRESSES) + "PROXY UNKNOWN\r\n");
        ByteBuf part = buffer(binary(FIXED + "2111000c") + "12345678901");

        Proxied proxied = ProxyDecoder.decode(two);

        assertEquals("PROXY UNKNOWN\r\n", two.toString(ISO_8859_1));
        assertEquals(new InetSocketAddress("192.168.0.1", 56_324), proxied.source());
        assertEquals(new InetSocketAddress("192.168.0.11", 443), proxied.destination());
        assertNull(ProxyDecoder.decode(part));
        assertEquals(27, part.readableBytes());
    }

    @DisplayName("2. S3: version 1 is read strictly")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY\r\n",
                "PROXY UNKNOWNX\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
                "PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 127.1 1.2.3.4 1 2\r\n",
                "PROXY TCP6 fe80::1%1 ::1 1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 00 2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4  2\r\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
                "PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n",
                "PROXY TCP4 1.2.3.\u00b2 1.2.3.4 1 2\r\n",
            })
    void version1IsReadStrictly(String line) {
        assertThrows(ProtocolException.class, () -> decode(line));
    }

    @Test
    @DisplayName("2. S3: a line of 107 bytes is read, and one that does not end by then is refused before it ends")
    void aLineHas107BytesAtMost() throws ProtocolException {
        String longest = "PROXY UNKNOWN " + "x".repeat(91);

        assertEquals(Proxied.NOBODY, decode(longest + "\r\n"));
        assertNull(decode(longest + "\r"));
        assertThrows(ProtocolException.class, () -> decode(longest + "xx"));
    }

    @DisplayName("2. S3: extensions must fit, and a checksum must be right")
    @ParameterizedTest
    @CsvSource({
        "no room for a length, 2111000e, 0100",
        "longer than the header, 21110010, 01000268",
        "a wrong checksum, 21110013, 0300041c1ae9c7",
        "a checksum of another length, 21110011, 0300020000",
    })
    void extensionsMustFit(String what, String head, String extension) {
        assertThrows(ProtocolException.class, () -> decode(binary(FIXED + head + ADDRESSES + extension)), what);
    }

    @Test
    @DisplayName("2. S3: 1,024 bytes of extensions are read and dropped, more are refused before they come")
    void extensionsAreBounded() throws ProtocolException {
        String largest = binary(FIXED + "2111040c" + ADDRESSES + "ee03fd" + "00".repeat(1021));

        assertEquals(
                new InetSocketAddress("192.168.0.1", 56_324), decode(largest).source());
        assertThrows(ProtocolException.class, () -> decode(binary(FIXED + "2111040d")));
        assertThrows(ProtocolException.class, () -> decode(binary(FIXED + "20000401")));
    }

    @Test
    @DisplayName("2. S3: a header is refused with its first wrong byte")
    void aHeaderIsRefusedWithItsFirstWrongByte() {
        assertThrows(ProtocolException.class, () -> decode("G"));
        assertThrows(ProtocolException.class, () -> decode("PROXx"));
        assertThrows(ProtocolException.class, () -> decode("\r\n\r\n\n"));
    }

    @DisplayName("2. PROXY: what is written is what the vectors say, and is read again")
    @ParameterizedTest
    @CsvSource({
        "V1, TCP, 192.168.0.1, 192.168.0.11, "
                + "50524f58592054435034203139322e3136382e302e31203139322e3136382e302e3131203536333234203434330d0a",
        "V2, TCP, 192.168.0.1, 192.168.0.11, 0d0a0d0a000d0a515549540a2111000cc0a80001c0a8000bdc0401bb",
        "V2, UDP, 192.168.0.1, 192.168.0.11, 0d0a0d0a000d0a515549540a2112000cc0a80001c0a8000bdc0401bb",
        "V2, TCP, 2001:db8::1, 2001:db8::2, "
                + "0d0a0d0a000d0a515549540a2121002420010db800000000000000000000000120010db8000000000000000000000002dc0401bb",
    })
    void whatIsWrittenIsWhatTheVectorsSay(
            ProxyProtocol version, Protocol protocol, String source, String destination, String hex)
            throws ProtocolException {
        Flow flow = flow(protocol, source, destination);

        ByteBuf header = ProxyEncoder.encode(version, flow);

        assertEquals(hex, ByteBufUtil.hexDump(header));
        assertEquals(new Proxied(flow.source(), flow.destination()), ProxyDecoder.decode(header));
    }

    @DisplayName("2. PROXY: IPv6 in text, and families that differ, are read again")
    @ParameterizedTest
    @CsvSource({
        "V1, 2001:db8::1, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "V1, 192.0.2.1, 2001:db8::2",
        "V2, 192.0.2.1, 2001:db8::2",
        "V2, 2001:db8::1, 192.0.2.1",
    })
    void familiesThatDifferAreReadAgain(ProxyProtocol version, String source, String destination)
            throws ProtocolException {
        Flow flow = flow(Protocol.TCP, source, destination);

        ByteBuf header = ProxyEncoder.encode(version, flow);

        assertTrue(version == ProxyProtocol.V2 || header.readableBytes() <= 107);
        assertEquals(new Proxied(flow.source(), flow.destination()), ProxyDecoder.decode(header));
    }

    private static Flow flow(Protocol protocol, String source, String destination) {
        return new Flow(
                protocol,
                new InetSocketAddress(InetAddresses.forString(source), 56_324),
                new InetSocketAddress(InetAddresses.forString(destination), 443));
    }

    private static Proxied decodeInPieces(String header) throws ProtocolException {
        for (int length = 0; length < header.length(); length++) {
            assertNull(decode(header.substring(0, length)), header + " cut to " + length);
        }
        return decode(header);
    }

    private static Proxied decode(String header) throws ProtocolException {
        return ProxyDecoder.decode(buffer(header));
    }

    private static ByteBuf buffer(String header) {
        return Unpooled.copiedBuffer(header, ISO_8859_1);
    }

    private static String binary(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }
}
