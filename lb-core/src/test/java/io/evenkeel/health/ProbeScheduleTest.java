package io.evenkeel.health;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@Tag("health")
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
    void placesFollowThePoolWithinBoundsUnlessTheyAreSet() {
        ProbeSchedule even = defaults.withJitter(0);

        assertEquals(100, even.places(0, false));
        assertEquals(100, even.places(300, false));
        assertEquals(101, even.places(301, false));
        assertEquals(1_000, even.places(100_000, false));
        assertEquals(100, even.places(100_000, true)); // threads are dearer than descriptors
        assertEquals(7, even.withMaxConcurrent(7).places(100_000, false));
        assertEquals(5_000, even.withMaxConcurrent(5_000).places(1, true));
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
                refused("port: -1 (expected: 0 to 65535)", () -> HealthProbe.tcp(-1)),
                refused("port: 70000 (expected: 0 to 65535)", () -> HealthProbe.udp(70_000, new byte[0], new byte[0])),
                refused(
                        "expect: 8193 bytes (expected: 0 to 8192)",
                        () -> HealthProbe.udp(new byte[0], new byte[8_193])),
                refused(
                        "expectedStatuses: [] (expected: one at least)",
                        () -> HealthProbe.http("/").withExpectedStatuses()),
                refused(
                        "expectedStatuses: 100 (expected: 200 to 599)",
                        () -> HealthProbe.http("/").withExpectedStatuses(200, 100)),
                refused(
                        "host: (expected: visible ASCII characters only)",
                        () -> HealthProbe.http("/").withHost("a\r\nX: y")),
                refused(
                        "serverName: (expected: a host name)",
                        () -> ProbeTls.defaults().withServerName("10.0.0.1")),
                refused(
                        "serverName: (expected: a host name)",
                        () -> ProbeTls.defaults().withServerName("a b")),
                refused(
                        "intervalWhenFailing: PT-1S (expected: >= 0)",
                        () -> defaults.withIntervalWhenFailing(Duration.ofSeconds(-1))),
                refused("maxConcurrent: -1 (expected: >= 0)", () -> defaults.withMaxConcurrent(-1)),
                refused("window: PT0S (expected: > 0)", () -> new FlapDamping(Duration.ZERO, 2)),
                refused("maxFactor: 0 (expected: >= 1)", () -> new FlapDamping(Duration.ofMinutes(1), 0)),
                refused(
                        "intervalWhenIdle: PT-1S (expected: >= 0)",
                        () -> LiveTraffic.IGNORED.withIntervalWhenIdle(Duration.ofSeconds(-1))),
                refused("sparingSuccesses: -1 (expected: >= 0)", () -> LiveTraffic.IGNORED.withSparingSuccesses(-1)),
                refused("maxSpared: 0 (expected: >= 1)", () -> LiveTraffic.IGNORED.withMaxSpared(0)));
    }

    private static Executable refused(String message, Executable action) {
        return () -> assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void whatIsMissingIsRefusedWhereItIsMissing() {
        HttpProbe http = HealthProbe.http("/");
        assertAll(
                missing("flapDamping", () -> defaults.withFlapDamping(null)),
                missing("liveTraffic", () -> defaults.withLiveTraffic(null)),
                missing("proxyHeader", () -> http.withProxyHeader(null)),
                missing(
                        "source",
                        () -> new HttpProbe(
                                "/", 0, Set.of(200), Optional.empty(), null, ProxyHeader.OFF, Optional.empty())),
                missing(
                        "tls",
                        () -> new HttpProbe(
                                "/", 0, Set.of(200), Optional.empty(), Optional.empty(), ProxyHeader.OFF, null)));
    }

    private static Executable missing(String name, Executable action) {
        return () -> assertEquals(
                name, assertThrows(NullPointerException.class, action).getMessage());
    }

    @Test
    void aTimeThatNoClockCanCountIsJudgedLikeAnyOther() {
        Duration least = Duration.ofSeconds(Long.MIN_VALUE);
        assertAll(
                refused("interval: " + least + " (expected: > 0)", () -> defaults.withInterval(least)),
                refused("timeout: " + least + " (expected: > 0)", () -> defaults.withTimeout(least)),
                refused("window: " + least + " (expected: > 0)", () -> new FlapDamping(least, 2)));
    }

    @Test
    void reasonsAreOneLineForAnyTerminal() {
        assertEquals(
                "a?b?c?d?e?f é",
                ProbeResult.bad("a\nb\u0085c\u009bd\u2028e\u001bf é").reason());
    }
}
