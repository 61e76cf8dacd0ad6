package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.net.InetAddresses;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.testing.ScriptedSource;
import io.evenkeel.testing.VirtualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("membership")
class AddressPolicyTest {
    private final AddressPolicy policy = AddressPolicy.defaults();

    private static InetSocketAddress at(String ip) {
        return new InetSocketAddress(InetAddresses.forString(ip), 80);
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, link-local",
        "fe80::1, link-local",
        "0.0.0.0, unspecified",
        "0.1.2.3, unspecified",
        "::, unspecified",
        "224.0.0.1, multicast",
        "ff02::1, multicast",
        "255.255.255.255, broadcast",
        "::ffff:169.254.169.254, link-local",
        "::169.254.169.254, link-local",
        "64:ff9b::169.254.169.254, link-local",
        "2002:a9fe:a9fe::1, link-local",
        "2001:0:102:304:0:0:5601:5601, link-local",
        "::ffff:0:a9fe:a9fe, link-local",
        "64:ff9b:1::a9fe:a9fe, link-local",
        "2001:db8::5efe:a9fe:a9fe, link-local",
        "2001:db8::200:5efe:a9fe:a9fe, link-local"
    })
    @DisplayName("5. addresses that no backend can have are refused, however they are written")
    void addressesThatNoBackendCanHaveAreRefused(String ip, String kind) {
        assertEquals(Optional.of("its address is " + kind), policy.refusal(at(ip)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "127.0.0.1", "::1", "192.168.1.1", "8.8.8.8", "2001:db8::1", "64:ff9b::10.0.0.1"})
    void addressesOfBackendsAreNot(String ip) {
        assertEquals(Optional.empty(), policy.refusal(at(ip)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "64:ff9b::127.0.0.1"})
    void loopbackIsRefusedOnRequest(String ip) {
        assertEquals(
                Optional.of("its address is loopback"), policy.withoutLoopback().refusal(at(ip)));
    }

    @Test
    @DisplayName("5. what this process listens on is refused, whichever of its addresses is named")
    void whatThisProcessListensOnIsRefused() {
        AddressPolicy own = policy.withOwn(at("127.0.0.1"), new InetSocketAddress(InetAddresses.forString("::"), 90));

        assertEquals(Optional.of("its address is our own"), own.refusal(at("127.0.0.1")));
        assertEquals(Optional.empty(), own.refusal(at("127.0.0.2")));
        assertEquals(
                Optional.of("its address is our own"),
                own.refusal(new InetSocketAddress(InetAddresses.forString("127.0.0.2"), 90)));
        assertEquals(Optional.empty(), own.refusal(new InetSocketAddress(InetAddresses.forString("10.9.8.7"), 90)));
    }

    @Test
    void namesAreRefusedUnlessAllowed() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("web.example", 80);

        assertEquals(
                Optional.of("a host name, which would be looked up unchecked; withNames() allows it"),
                policy.refusal(name));
        assertEquals(Optional.empty(), policy.withNames().refusal(name));
    }

    @Test
    @DisplayName("5. the address that was checked is the one that is connected to")
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
        VirtualTime time = new VirtualTime();
        BackendPool pool = BackendPool.builder("test").scheduler(time).build();
        InetAddress checked = InetAddress.getByAddress("rebinding.example", new byte[] {10, 0, 0, 1});
        Backend good = new Backend(
                "good",
                new InetSocketAddress(checked, 80),
                100,
                0,
                io.evenkeel.backend.Placement.NONE,
                java.util.Map.of());
        ScriptedSource source =
                new ScriptedSource("dns").answering(List.of(good, Backend.of("bad", "169.254.169.254", 80)));

        Discovery discovery = Discovery.start(
                pool, List.of(source), DiscoveryPolicy.defaults(), time, new SplittableRandom(1), time::nanoTime);
        time.advance(Duration.ZERO);

        assertEquals(1, pool.snapshot().members().size());
        assertSame(checked, pool.snapshot().members().get(0).backend().address().getAddress());
        assertEquals(1, discovery.notPooled().size());
    }

    @Test
    void whatThisProcessListensOnIsNamedByAddress() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("front.example", 80);

        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> policy.withOwn(at("10.0.0.1"), name));

        assertEquals("own: " + name + " (expected: an address that needs no DNS)", refusal.getMessage());
    }
}
