package io.evenkeel.backend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BackendTest {
    @Test
    void withoutANameItIsCalledByHostAndPort() {
        assertEquals("10.0.0.1:8080", Backend.of("10.0.0.1", 8080).id());
        assertEquals("[::1]:8080", Backend.of("::1", 8080).id());
    }

    @Test
    void anIpAddressIsTakenAsItIsAndANameIsLeftForLater() {
        assertFalse(Backend.of("10.0.0.1", 80).address().isUnresolved());
        assertTrue(Backend.of("vm1.test", 80).address().isUnresolved());
        assertTrue(Backend.of("my_service", 80).address().isUnresolved());
    }

    @Test
    void witherChangesOneThing() {
        Backend backend = Backend.of("vm1", "10.0.0.1", 80);

        Backend changed = backend.withWeight(50)
                .withPriority(1)
                .withPlacement(new Placement("west", 2, 1))
                .withLabels(Map.of("size", "small"));

        assertEquals(
                new Backend("vm1", backend.address(), 50, 1, new Placement("west", 2, 1), Map.of("size", "small")),
                changed);
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        Backend good = Backend.of("10.0.0.1", 80);
        assertAll(
                refused("host: \"\" (expected: an IP address or a host name)", () -> Backend.of("", 80)),
                refused(
                        "host: \"10.0.0.1:8080\" (expected: an IP address or a host name)",
                        () -> Backend.of("10.0.0.1:8080", 80)),
                refused(
                        "host: \"http://vm1\" (expected: an IP address or a host name)",
                        () -> Backend.of("http://vm1", 80)),
                refused("host: \"vm1?\" (expected: an IP address or a host name)", () -> Backend.of("vm1\n", 80)),
                refused("port: 0 (expected: 1 to 65535)", () -> Backend.of("10.0.0.1", 0)),
                refused("port: -1 (expected: 1 to 65535)", () -> Backend.of("10.0.0.1", -1)),
                refused("port: 65536 (expected: 1 to 65535)", () -> Backend.of("10.0.0.1", 65_536)),
                refused("weight: -1 (expected: 0 to 65535)", () -> good.withWeight(-1)),
                refused("weight: 65536 (expected: 0 to 65535)", () -> good.withWeight(65_536)),
                refused("priority: -1 (expected: >= 0)", () -> good.withPriority(-1)),
                refused("faultDomain: -2 (expected: >= 0, or -1 if not known)", () -> new Placement("", -2, 0)),
                refused("updateDomain: -2 (expected: >= 0, or -1 if not known)", () -> new Placement("", 0, -2)),
                refused(
                        "id: \" \" (expected: 1 to 256 characters, no control characters)",
                        () -> Backend.of(" ", "10.0.0.1", 80)),
                // The message itself must not carry the line break into a log.
                refused(
                        "id: \"vm1?out\" (expected: 1 to 256 characters, no control characters)",
                        () -> Backend.of("vm1\nout", "10.0.0.1", 80)),
                refused(
                        "id: \"vm1?out?\" (expected: 1 to 256 characters, no control characters)",
                        () -> Backend.of("vm1\u2028out\u009b", "10.0.0.1", 80)));
    }

    private static Executable refused(String message, Executable action) {
        return () -> assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void whatIsMissingIsRefusedWhereItIsMissing() {
        Backend good = Backend.of("10.0.0.1", 80);

        assertEquals(
                "placement",
                assertThrows(NullPointerException.class, () -> good.withPlacement(null))
                        .getMessage());
        assertEquals(
                "zone",
                assertThrows(NullPointerException.class, () -> new Placement(null, 0, 0))
                        .getMessage());
    }
}
