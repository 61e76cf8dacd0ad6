package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import io.evenkeel.affinity.Flow;
import io.evenkeel.affinity.Protocol;
import io.evenkeel.netty.rule.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who finds a place in the table of flows, and who has to leave. */
@Tag("netty")
class FlowTableTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final DatagramHeader DIRECT = new DatagramHeader();

    @Test
    @DisplayName("2. S6: a million flows of forged senders drive out no flow that is in use")
    void forgedSendersDriveOutNobodyWhoIsInUse() {
        FlowTable<BareFlow> table = new FlowTable<>(10_000, NO_LIMIT);
        List<InetSocketAddress> regulars = new ArrayList<>();
        for (int i = 0; i < 7_000; i++) {
            InetSocketAddress client = client("10.0.0." + i % 250, 1024 + i);
            regulars.add(client);
            arrive(table, client);
            arrive(table, client);
        }

        Random random = new Random(6);
        int most = 0;
        for (int i = 0; i < 1_000_000; i++) {
            arrive(table, forged(random));
            most = Math.max(most, table.size());
        }

        assertEquals(10_000, most);
        // None of them was used meanwhile. By use alone, as in a plain table, all would have gone in the first
        // hundredth.
        assertEquals(
                7_000,
                regulars.stream().filter(c -> table.find(c, DIRECT) != null).count());
    }

    @Test
    void whoComesDuringAFloodHasAFifthOfTheTableToWaitInForTheAnswer() {
        FlowTable<BareFlow> table = new FlowTable<>(100, NO_LIMIT);
        for (int i = 0; i < 100; i++) {
            arrive(table, client("10.0.0.1", 1024 + i));
            arrive(table, client("10.0.0.1", 1024 + i));
        }
        InetSocketAddress newcomer = client("10.0.0.2", 53);
        arrive(table, newcomer);

        // 20 places are not the regulars', so the newcomer is the eldest newcomer after 19 others at the earliest.
        Random random = new Random(6);
        for (int i = 0; i < 19; i++) {
            arrive(table, forged(random));
        }

        assertNotNull(table.find(newcomer, DIRECT));
    }

    @Test
    void ofNewcomersTheLeastRecentlyUsedGivesWayAndAReplyIsUse() {
        FlowTable<BareFlow> table = new FlowTable<>(3, NO_LIMIT);
        BareFlow a = arrive(table, client("10.0.0.1", 1));
        arrive(table, client("10.0.0.2", 2));
        arrive(table, client("10.0.0.3", 3));

        table.usedByBackend(a);

        assertEquals("/10.0.0.2:2", String.valueOf(table.inTheWayOf(client("10.0.0.4", 4))));
        assertEquals("/10.0.0.2:2", String.valueOf(table.leastWanted()));
    }

    @Test
    @DisplayName("2. S6: a source that has all it may have drives out itself")
    void aSourceThatHasAllItMayHaveDrivesOutItself() {
        FlowTable<BareFlow> table = new FlowTable<>(100, 10);
        arrive(table, client("10.0.0.1", 1));
        for (int i = 0; i < 1_000; i++) {
            arrive(table, client("10.0.0.2", 1024 + i));
        }

        assertEquals(11, table.size());
        assertNotNull(table.find(client("10.0.0.1", 1), DIRECT));
        assertNotNull(table.find(client("10.0.0.2", 1024 + 999), DIRECT));
        assertEquals("/10.0.0.2:2014", String.valueOf(table.inTheWayOf(client("10.0.0.2", 1))));
        assertNull(table.inTheWayOf(client("10.0.0.3", 1)));
    }

    @Test
    void allAddressesOfASlash64AreOneSourceAndThoseOfTheNextAreAnother() {
        FlowTable<BareFlow> table = new FlowTable<>(100, 2);
        arrive(table, client("2001:db8:0:1::1", 53));
        arrive(table, client("2001:db8:0:1:ffff::2", 53));

        assertEquals("/[2001:db8:0:1:0:0:0:1]:53", String.valueOf(table.inTheWayOf(client("2001:db8:0:1::3", 53))));
        assertNull(table.inTheWayOf(client("2001:db8:0:2::1", 53)));
        assertNull(table.inTheWayOf(client("0.0.0.1", 53)));
    }

    @Test
    void theClientsThatOneSocketNamesHaveFlowsOfTheirOwn() throws ProtocolException {
        FlowTable<BareFlow> table = new FlowTable<>(NO_LIMIT, NO_LIMIT);
        InetSocketAddress proxy = client("10.0.0.1", 1);
        List<Integer> found = new ArrayList<>();
        List<BareFlow> flows = new ArrayList<>();
        for (int last = 0; last < 1_000; last++) {
            DatagramHeader header = header(last);
            found.add(flows.indexOf(table.find(proxy, header)));
            flows.add(new BareFlow(proxy, client("10.0.0.2", last), header.copyOfWords()));
            table.add(flows.get(last));
        }
        List<Integer> foundAgain = new ArrayList<>();
        for (int last = 0; last < 1_000; last++) {
            foundAgain.add(flows.indexOf(table.find(proxy, header(last))));
        }

        assertEquals(Collections.nCopies(1_000, -1), found);
        assertEquals(IntStream.range(0, 1_000).boxed().toList(), foundAgain);
        assertNull(table.find(proxy, DIRECT));
        assertNull(table.find(client("10.0.0.1", 2), header(0)));
    }

    /** Of a client that is told from others by the last bytes of the port it connected to. */
    private static DatagramHeader header(int last) throws ProtocolException {
        ByteBuf datagram = ProxyEncoder.encode(
                ProxyProtocol.V2, new Flow(Protocol.UDP, client("192.0.2.1", 53), client("2001:db8::1", last)));
        DatagramHeader header = new DatagramHeader();
        header.read(datagram);
        return header;
    }

    @Test
    void sweepingEndsTheEldestAndStopsAtWhoIsNotOver() {
        FlowTable<BareFlow> table = new FlowTable<>(100, NO_LIMIT);
        List<BareFlow> left = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            left.add(arrive(table, client("10.0.0." + i, i)));
        }
        arrive(table, client("10.0.0.1", 1)); // a regular
        List<BareFlow> over = List.of(left.get(0), left.get(1), left.get(3));

        table.sweep(over::contains, flow -> left.removeIf(other -> other == flow && table.remove(flow)));

        assertEquals("[/10.0.0.3:3, /10.0.0.4:4]", left.toString());
        assertEquals(2, table.size());
    }

    /** Against a model that has no order and no limit: what is put in is found until it is taken out. */
    @Test
    void whatIsPutInIsFoundUntilItIsTakenOut() {
        FlowTable<BareFlow> table = new FlowTable<>(NO_LIMIT, NO_LIMIT);
        Map<InetSocketAddress, BareFlow> model = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            InetSocketAddress client =
                    client("10.0." + random.nextInt(4) + "." + random.nextInt(256), random.nextInt(8));
            BareFlow known = model.get(client);
            assertSame(known, table.find(client, DIRECT));
            if (known == null) {
                model.put(client, added(table, client));
            } else if (random.nextBoolean()) {
                table.remove(model.remove(client));
            } else {
                table.usedByClient(known);
            }
        }

        assertEquals(model.size(), table.size());
        assertTrue(model.size() > 1_000, "of 8,192 addresses, so many are in use: " + model.size());
    }

    /** What a front end does with a datagram. */
    private static BareFlow arrive(FlowTable<BareFlow> table, InetSocketAddress client) {
        BareFlow known = table.find(client, DIRECT);
        if (known != null) {
            table.usedByClient(known);
            return known;
        }
        BareFlow inTheWay = table.inTheWayOf(client);
        if (inTheWay != null) {
            table.remove(inTheWay);
        }
        return added(table, client);
    }

    private static BareFlow added(FlowTable<BareFlow> table, InetSocketAddress client) {
        BareFlow flow = new BareFlow(client);
        table.add(flow);
        return flow;
    }

    private static InetSocketAddress forged(Random random) {
        byte[] address = new byte[4];
        random.nextBytes(address);
        address[0] = 100; // none of those who are in use
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(65_536));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static InetSocketAddress client(String ip, int port) {
        return new InetSocketAddress(InetAddresses.forString(ip), port);
    }
}
