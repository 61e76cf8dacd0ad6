package io.evenkeel.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.event.Faults;
import io.evenkeel.netty.RuleTable.Place;
import io.evenkeel.testing.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a machine's addresses make of a front end at a wildcard. */
class MachineAddressesTest {
    private static final InetAddress ONE = ip("10.0.0.1");
    private static final InetAddress OTHER = ip("10.0.0.2");

    private final VirtualTime time = new VirtualTime();
    private Set<InetAddress> present = Set.of(ONE);
    private boolean fails;
    private int readings;
    private final MachineAddresses machine = new MachineAddresses(this::read, time::nanoTime);

    private Set<InetAddress> read() throws SocketException {
        readings++;
        if (fails) {
            throw new SocketException("Too many open files");
        }
        return present;
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAddressThatComesIsKnownAfterTenSeconds() {
        assertTrue(machine.has(ONE));
        present = Set.of(OTHER);
        time.advance(Duration.ofMillis(9_999));
        assertFalse(machine.has(OTHER));
        assertEquals(1, readings);

        time.advance(Duration.ofMillis(1));

        assertTrue(machine.has(OTHER));
        assertFalse(machine.has(ONE));
    }

    @Test
    void whatWasKnownStaysWhileTheSystemCannotSay() {
        assertTrue(machine.has(ONE));
        fails = true;

        time.advance(Duration.ofSeconds(10));

        assertTrue(machine.has(ONE));
        assertTrue(machine.has(ONE));
        assertEquals(2, readings, "it is not asked at each flow");
    }

    @Test
    void onlyWhatHasTheProtocolThePortAndTheAddressOfAFrontEndIsOne() {
        OwnFrontends own = new OwnFrontends(new Faults("forwarder", time::nanoTime), machine);
        own.are(List.of(new Place(Protocol.TCP, ip("::"), 80), new Place(Protocol.TCP, ip("10.0.0.9"), 81)));

        assertTrue(own.isAt(Protocol.TCP, new InetSocketAddress(ONE, 80)));
        assertTrue(own.isAt(Protocol.TCP, new InetSocketAddress(ip("127.1.2.3"), 80)));
        assertTrue(own.isAt(Protocol.TCP, new InetSocketAddress(ip("10.0.0.9"), 81)));
        assertTrue(own.isAt(Protocol.TCP, new InetSocketAddress(ip("0.0.0.0"), 81)));

        assertFalse(own.isAt(Protocol.UDP, new InetSocketAddress(ONE, 80)));
        assertFalse(own.isAt(Protocol.TCP, new InetSocketAddress(OTHER, 80)));
        assertFalse(own.isAt(Protocol.TCP, new InetSocketAddress(ONE, 81)));
        assertFalse(own.isAt(Protocol.TCP, InetSocketAddress.createUnresolved("one.example", 80)));
    }
}
