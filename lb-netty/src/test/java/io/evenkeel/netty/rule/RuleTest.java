package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What rules accept, and that they know nothing of the engine. */
class RuleTest {
    private static final BackendPool POOL = BackendPool.of("web");
    private static final Frontend FRONT = Frontend.tcp("127.0.0.10", 80);
    private static final LoadBalancingRule RULE = LoadBalancingRule.of("http", FRONT, POOL);

    @Test
    void defaultsAreThoseOfTheProtocol() {
        assertEquals(Duration.ofMinutes(4), RULE.idleTimeout());
        assertEquals(
                Duration.ofSeconds(60),
                InboundNatRule.of("dns", Frontend.udp("::1", 53), POOL, "vm1", 0)
                        .idleTimeout());
        assertEquals(SessionPersistence.NONE, RULE.sessionPersistence());
        assertEquals(0, RULE.backendPort());
    }

    @Test
    void withersChangeOneThing() {
        LoadBalancingRule changed = RULE.withBackendPort(8080)
                .withSessionPersistence(SessionPersistence.CLIENT_IP)
                .withIdleTimeout(Duration.ofSeconds(5))
                .withTcp(TcpOptions.defaults().withKeepAlive(false));

        assertEquals(
                new LoadBalancingRule(
                        "http",
                        FRONT,
                        POOL,
                        8080,
                        SessionPersistence.CLIENT_IP,
                        LostMember.keep(),
                        Duration.ofSeconds(5),
                        TcpOptions.defaults().withKeepAlive(false)),
                changed);
    }

    @Test
    void aFrontendReadsLikeAnAddress() {
        assertEquals("tcp 127.0.0.10:80", FRONT.toString());
        assertEquals("udp [::1]:53", Frontend.udp("::1", 53).toString());
    }

    @Test
    void badValuesAreRefusedWithNameValueAndExpectation() {
        assertRefused("frontPort: 70000 (expected: 0 to 65535)", () -> Frontend.tcp("127.0.0.1", 70_000));
        assertRefused("frontPort: -1 (expected: 0 to 65535)", () -> Frontend.udp("127.0.0.1", -1));
        assertRefused("frontAddress: \"localhost\" (expected: an IP address)", () -> Frontend.tcp("localhost", 1));
        assertRefused(
                "backendPort: 65536 (expected: 0 to 65535, 0 for the backend's own)",
                () -> RULE.withBackendPort(65_536));
        assertRefused("idleTimeout: PT0S (expected: > 0 and <= 365 days)", () -> RULE.withIdleTimeout(Duration.ZERO));
        assertRefused(
                "name: \" \" (expected: a name without control characters)",
                () -> LoadBalancingRule.of(" ", FRONT, POOL));
        assertRefused(
                "name: \"a?b\" (expected: a name without control characters)",
                () -> LoadBalancingRule.of("a\nb", FRONT, POOL));
        assertRefused(
                "backend: \"\" (expected: the id of a backend)", () -> InboundNatRule.of("rdp", FRONT, POOL, "", 3389));
    }

    @Test
    void rulesImportNothingOfTheEngine() throws IOException {
        try (var files = Files.list(Path.of("src/main/java/io/evenkeel/netty/rule"))) {
            for (Path file : files.toList()) {
                List<String> lines = Files.readAllLines(file);
                assertFalse(
                        lines.stream().anyMatch(l -> l.contains("io.netty") || l.contains("import io.evenkeel.netty.")),
                        file.toString());
            }
        }
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
