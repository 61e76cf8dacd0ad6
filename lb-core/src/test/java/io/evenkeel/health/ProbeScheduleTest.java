package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ProbeScheduleTest {
    private final ProbeSchedule defaults = ProbeSchedule.defaults();

    @Test
    void theDefaultsAreThoseOfAzure() {
        assertEquals(Duration.ofSeconds(15), defaults.interval());
        assertEquals(2, defaults.unhealthyThreshold());
        assertEquals(1, defaults.healthyThreshold());
    }

    @Test
    void aProbeIsOverBeforeTheNextOneBegins() {
        ProbeSchedule often = defaults.withInterval(Duration.ofMillis(200)).withJitter(0.25);

        assertEquals(Duration.ofMillis(150).toNanos(), often.timeoutNanos());
        assertEquals(often.timeoutNanos(), often.intervalNanos(0));
        assertEquals(Duration.ofMillis(250).toNanos(), often.intervalNanos(1));
    }

    @Test
    void badInputIsRefusedWithSettingValueAndExpectation() {
        assertAll(
                refused("interval: PT0S (expected: > 0)", () -> defaults.withInterval(Duration.ZERO)),
                refused("interval: PT-1S (expected: > 0)", () -> defaults.withInterval(Duration.ofSeconds(-1))),
                refused("timeout: PT0S (expected: > 0)", () -> defaults.withTimeout(Duration.ZERO)),
                refused("jitter: 1.0 (expected: >= 0 and < 1)", () -> defaults.withJitter(1)),
                refused("jitter: NaN (expected: >= 0 and < 1)", () -> defaults.withJitter(Double.NaN)),
                refused("unhealthyThreshold: 0 (expected: >= 1)", () -> defaults.withUnhealthyThreshold(0)),
                refused("healthyThreshold: -1 (expected: >= 1)", () -> defaults.withHealthyThreshold(-1)),
                refused("path: \"health\" (expected: to begin with /)", () -> HealthProbe.http("health")),
                refused(
                        "path: (expected: visible ASCII characters only, others percent-encoded)",
                        () -> HealthProbe.http("/ HTTP/1.1\r\nX: y")),
                refused(
                        "port: 65536 (expected: 0 to 65535)",
                        () -> HealthProbe.http("/").withPort(65_536)),
                refused("port: -1 (expected: 0 to 65535)", () -> HealthProbe.tcp(-1)));
    }

    private static Executable refused(String message, Executable action) {
        return () -> assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
