package io.evenkeel.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.evenkeel.testing.Vectors;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AffinityTest {
    private static final HashSecret SECRET = new HashSecret(1, 2);

    @Test
    void theBytesOfTheTuplesAreThoseOfTheVectors() {
        Vectors.objects("flow_hash.json", "cases").forEach(vector -> {
            Protocol protocol = vector.get("protocol").getAsInt() == 6 ? Protocol.TCP : Protocol.UDP;
            Flow flow = new Flow(
                    protocol,
                    address(vector.get("src").getAsString()),
                    address(vector.get("dst").getAsString()));

            assertEquals(expected(vector, "2_tuple"), bytes(Affinity.twoTuple(SECRET), flow));
            assertEquals(expected(vector, "3_tuple"), bytes(Affinity.threeTuple(SECRET), flow));
            assertEquals(expected(vector, "5_tuple"), bytes(Affinity.fiveTuple(SECRET), flow));
        });
    }

    @Test
    void theTwoTupleKeepsTcpAndUdpOfOneClientTogether() {
        Affinity affinity = Affinity.twoTuple(SECRET);

        long control = affinity.key(flow(Protocol.TCP, "203.0.113.7:50000", "198.51.100.1:443"));
        long media = affinity.key(flow(Protocol.UDP, "203.0.113.7:50001", "198.51.100.1:5004"));

        assertEquals(control, media);
    }

    @Test
    void theThreeTupleTellsProtocolsApartAndIgnoresPorts() {
        Affinity affinity = Affinity.threeTuple(SECRET);

        long first = affinity.key(flow(Protocol.TCP, "203.0.113.7:50000", "198.51.100.1:443"));

        assertEquals(first, affinity.key(flow(Protocol.TCP, "203.0.113.7:50001", "198.51.100.1:80")));
        assertNotEquals(first, affinity.key(flow(Protocol.UDP, "203.0.113.7:50000", "198.51.100.1:443")));
    }

    @Test
    void theFiveTupleTellsConnectionsOfOneClientApart() {
        Affinity affinity = Affinity.fiveTuple(SECRET);

        long first = affinity.key(flow(Protocol.TCP, "203.0.113.7:50000", "198.51.100.1:443"));
        long second = affinity.key(flow(Protocol.TCP, "203.0.113.7:50001", "198.51.100.1:443"));

        assertNotEquals(first, second);
    }

    @Test
    void anAddressMappedIntoIpv6IsTheIpv4AddressItStandsFor() {
        Affinity affinity = Affinity.fiveTuple(SECRET);

        long plain = affinity.key(flow(Protocol.TCP, "203.0.113.7:50000", "198.51.100.1:443"));
        long mapped = affinity.key(flow(Protocol.TCP, "[::ffff:203.0.113.7]:50000", "198.51.100.1:443"));

        assertEquals(plain, mapped);
    }

    @Test
    void aFlowWithAnUnresolvedAddressIsRefused() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("client.test", 1);

        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new Flow(Protocol.TCP, unresolved, address("198.51.100.1:443")));

        assertEquals("source: client.test/<unresolved>:1 (expected: a resolved address)", refused.getMessage());
    }

    private static String expected(com.google.gson.JsonObject vector, String tuple) {
        return vector.getAsJsonObject(tuple).get("bytes").getAsString();
    }

    private static String bytes(Affinity affinity, Flow flow) {
        byte[] bytes = new byte[64];
        int length = ((TupleHash) affinity).write(flow, bytes);
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, length));
    }

    private static Flow flow(Protocol protocol, String source, String destination) {
        return new Flow(protocol, address(source), address(destination));
    }

    private static InetSocketAddress address(String text) {
        HostAndPort parts = HostAndPort.fromString(text);
        return new InetSocketAddress(InetAddresses.forString(parts.getHost()), parts.getPort());
    }
}
