package io.evenkeel.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiscoveryPolicyTest {
    private static final DiscoveryPolicy DEFAULTS = DiscoveryPolicy.defaults();

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("refresh: PT0S (expected: >= 1 ms)", () -> DEFAULTS.withRefresh(Duration.ZERO)),
                refused("retry: PT-1S (expected: >= 1 ms)", () -> DEFAULTS.withRetry(Duration.ofSeconds(-1))),
                refused("jitter: NaN (expected: >= 0 and < 1)", () -> DEFAULTS.withJitter(Double.NaN)),
                refused("timeout: PT0S (expected: > 0)", () -> DEFAULTS.withTimeout(Duration.ZERO)),
                refused("holdTime: PT-1S (expected: >= 0)", () -> DEFAULTS.withHoldTime(Duration.ofSeconds(-1))),
                refused("maxMembers: 0 (expected: >= 1)", () -> DEFAULTS.withMaxMembers(0)),
                refused("maxRemovedRatio: 0.0 (expected: > 0 and <= 1)", () -> DEFAULTS.withMaxRemovedRatio(0)));
    }

    private static Arguments refused(String message, Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aSettingOutOfItsRangeIsRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void eachWitherChangesItsSettingAndNoOther() {
        AddressPolicy addresses = AddressPolicy.defaults().withNames();
        DiscoveryPolicy changed = DEFAULTS.withRefresh(Duration.ofSeconds(1))
                .withRetry(Duration.ofSeconds(2))
                .withJitter(0.3)
                .withTimeout(Duration.ofSeconds(4))
                .withHoldTime(Duration.ofSeconds(5))
                .withWhenStale(WhenStale.KEEP_WELL)
                .withMaxMembers(6)
                .withMaxRemovedRatio(0.7)
                .withAddresses(addresses)
                .withFilter(DEFAULTS.filter());

        assertEquals(
                new DiscoveryPolicy(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        0.3,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        WhenStale.KEEP_WELL,
                        6,
                        0.7,
                        addresses,
                        DEFAULTS.filter()),
                changed);
    }

    @Test
    void whatIsMissingIsRefusedWhereItIsMissing() {
        assertEquals("filter", missing(() -> DEFAULTS.withFilter(null)));
        assertEquals("addresses", missing(() -> DEFAULTS.withAddresses(null)));
        assertEquals("whenStale", missing(() -> DEFAULTS.withWhenStale(null)));
    }

    private static String missing(Executable call) {
        return assertThrows(NullPointerException.class, call).getMessage();
    }
}
