package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pool a server's name means. */
class ServerNamesTest {
    private static final BackendPool SHOP = BackendPool.of("shop");
    private static final BackendPool API = BackendPool.of("api");
    private static final ServerNames NAMES =
            ServerNames.of(Map.of("Shop.example.org", SHOP, "*.example.org", API, "localhost", SHOP));

    @Test
    @DisplayName("2. SNI: a name is found whatever its case, the whole name before the wildcard")
    void aNameIsFoundWhateverItsCase() {
        assertEquals(Optional.of(SHOP), NAMES.pool("shop.example.org"));
        assertEquals(Optional.of(SHOP), NAMES.pool("SHOP.EXAMPLE.ORG"));
        assertEquals(Optional.of(SHOP), NAMES.pool("localhost"));
        assertEquals(Optional.of(API), NAMES.pool("Www.Example.org"));
    }

    @DisplayName("2. SNI: a wildcard stands for exactly one label")
    @ParameterizedTest
    @ValueSource(strings = {"example.org", "a.b.example.org", ".example.org", "org", "", "shop.example.com", "."})
    void aWildcardStandsForOneLabel(String name) {
        assertEquals(Optional.empty(), NAMES.pool(name));
    }

    @Test
    void namesAreKeptInLowerCaseAndInOrder() {
        Map<String, BackendPool> pools = new LinkedHashMap<>();
        pools.put("B.example", SHOP);
        pools.put("a.example", API);
        pools.put("xn--bcher-kva.example", API);

        ServerNames names = ServerNames.of(pools);
        pools.clear();

        assertEquals(
                List.of("b.example", "a.example", "xn--bcher-kva.example"),
                List.copyOf(names.pools().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> names.pools().clear());
    }

    @DisplayName("2. SNI: what no client can ask for is refused as a name")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "*.",
                "a.*.b",
                "w*.example.org",
                "*.*.org",
                "a..b",
                ".a",
                "a.",
                "-a.b",
                "a-.b",
                "a b",
                "b\u00fccher.example",
                "10.0.0.1",
                "*.0.0.1",
                "::1",
                "https://a",
                "a:443",
                "a\nb"
            })
    void whatNoClientCanAskForIsRefused(String name) {
        assertRefused(
                "serverName: \"" + name.replace('\n', '?')
                        + "\" (expected: a host name such as shop.example.org, or *.example.org)",
                () -> ServerNames.of(Map.of(name, SHOP)));
    }

    @Test
    void lengthsOfNamesAreThoseOfDns() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);

        assertEquals(Optional.of(SHOP), ServerNames.of(Map.of(longest, SHOP)).pool(longest));
        assertThrows(IllegalArgumentException.class, () -> ServerNames.of(Map.of(longest + "a", SHOP)));
        assertThrows(IllegalArgumentException.class, () -> ServerNames.of(Map.of(label + "a", SHOP)));
    }

    @Test
    void badValuesAreRefusedWithNameValueAndExpectation() {
        assertRefused("serverNames: none (expected: at least one)", () -> ServerNames.of(Map.of()));
        assertRefused("helloTimeout: PT0S (expected: 1 ms to 1 h)", () -> NAMES.withHelloTimeout(Duration.ZERO));
        assertRefused(
                "helloTimeout: PT2562047788015215H30M7S (expected: 1 ms to 1 h)",
                () -> NAMES.withHelloTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertRefused(
                "helloTimeout: PT1H0.001S (expected: 1 ms to 1 h)",
                () -> NAMES.withHelloTimeout(Duration.ofHours(1).plusMillis(1)));
        Map<String, BackendPool> twice = new LinkedHashMap<>();
        twice.put("a.example", SHOP);
        twice.put("A.example", SHOP);
        assertRefused(
                "serverName: \"A.example\" (expected: one that differs from the others by more than case)",
                () -> ServerNames.of(twice));
        LoadBalancingRule dns = LoadBalancingRule.of("dns", Frontend.udp("127.0.0.10", 53), API);
        assertRefused(
                "serverNames: [a.example] (expected: none for UDP)",
                () -> dns.withServerNames(ServerNames.of(Map.of("a.example", SHOP))));
    }

    @Test
    void defaultsServeUnknownNamesAndTlsOnly() {
        assertEquals(
                new ServerNames(NAMES.pools(), false, true, Duration.ofSeconds(10), Optional.empty()),
                ServerNames.of(NAMES.pools()));
        assertEquals(
                new ServerNames(NAMES.pools(), true, false, Duration.ofSeconds(3), Optional.empty()),
                NAMES.withOnlyKnown(true).withOnlyTls(false).withHelloTimeout(Duration.ofSeconds(3)));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
