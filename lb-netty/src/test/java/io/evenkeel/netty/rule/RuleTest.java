package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenkeel.affinity.Protocol;
import io.evenkeel.pool.BackendPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What rules accept, and that they know nothing of the engine. */
class RuleTest {
    private static final BackendPool POOL = BackendPool.of("web");
    private static final Frontend FRONT = Frontend.tcp("127.0.0.10", 80);
    private static final LoadBalancingRule RULE = LoadBalancingRule.of("http", FRONT, POOL);

    @Test
    void defaultsAreThoseOfTheProtocol() {
        assertEquals(Duration.ofMinutes(4), RULE.options().idleTimeout());
        assertEquals(
                Duration.ofSeconds(60),
                InboundNatRule.of("dns", Frontend.udp("::1", 53), POOL, "vm1", 0)
                        .options()
                        .idleTimeout());
        assertEquals(SessionPersistence.NONE, RULE.sessionPersistence());
        assertEquals(0, RULE.backendPort());
    }

    @Test
    void withersChangeOneThing() {
        LoadBalancingRule changed = RULE.withBackendPort(8080)
                .withSessionPersistence(SessionPersistence.CLIENT_IP)
                .withIdleTimeout(Duration.ofSeconds(5));

        assertEquals(
                new LoadBalancingRule(
                        "http",
                        List.of(FRONT),
                        POOL,
                        8080,
                        SessionPersistence.CLIENT_IP,
                        Optional.empty(),
                        Optional.empty(),
                        FlowOptions.defaults(Protocol.TCP).withIdleTimeout(Duration.ofSeconds(5))),
                changed);
    }

    @Test
    @DisplayName("2. a range of ports leads to one backend each")
    void aRangeGivesEachBackendAPort() {
        List<InboundNatRule> rules =
                InboundNatRule.range("rdp", FRONT.withPort(50_001), POOL, List.of("vm1", "vm2"), 3389);

        assertEquals(
                List.of(
                        InboundNatRule.of("rdp-50001", FRONT.withPort(50_001), POOL, "vm1", 3389),
                        InboundNatRule.of("rdp-50002", FRONT.withPort(50_002), POOL, "vm2", 3389)),
                rules);
        InboundNatRule last = InboundNatRule.range("rdp", FRONT.withPort(65_535), POOL, List.of("vm1"), 3389)
                .get(0);
        assertEquals(65_535, last.frontend().port());
    }

    @Test
    void aRangeThatDoesNotFitIsRefused() {
        List<String> three = List.of("vm1", "vm2", "vm3");
        String expected = "(expected: 1 to 65533 for 3 backends, of which there is at least one)";

        assertRefused(
                "frontPort: 65534 " + expected,
                () -> InboundNatRule.range("rdp", FRONT.withPort(65_534), POOL, three, 0));
        assertRefused("frontPort: 0 " + expected, () -> InboundNatRule.range("rdp", FRONT.withPort(0), POOL, three, 0));
        assertRefused(
                "frontPort: 80 (expected: 1 to 65536 for 0 backends, of which there is at least one)",
                () -> InboundNatRule.range("rdp", FRONT, POOL, List.of(), 0));
    }

    @Test
    void limitsAreRefusedBelowZero() {
        assertRefused(
                "perRule: -1 (expected: >= 0, 0 for no limit)",
                () -> FlowLimits.defaults().withPerRule(-1));
        assertRefused(
                "perSource: -1 (expected: >= 0, 0 for no limit)",
                () -> FlowLimits.defaults().withPerSource(-1));
        assertRefused(
                "perBackend: -1 (expected: >= 0, 0 for no limit)",
                () -> FlowLimits.defaults().withPerBackend(-1));
    }

    @Test
    void version1OfTheProxyProtocolIsForTcp() {
        LoadBalancingRule dns = LoadBalancingRule.of("dns", Frontend.udp("127.0.0.10", 53), POOL);

        assertEquals(
                ProxyProtocol.V1,
                RULE.withProxyProtocol(ProxyProtocol.V1).options().proxyProtocol());
        assertEquals(
                ProxyProtocol.V2,
                dns.withProxyProtocol(ProxyProtocol.V2).options().proxyProtocol());
        assertRefused("proxyProtocol: V1 (expected: OFF or V2 for UDP)", () -> dns.withProxyProtocol(ProxyProtocol.V1));
    }

    @Test
    void optionsOfConnectionsStartFromDefaultsAndBelongToTcp() {
        TcpOptions tcp = TcpOptions.defaults().withKeepAlive(false).withMaxDuration(Duration.ofHours(1));
        InboundNatRule nat = InboundNatRule.of("rdp", FRONT, POOL, "vm1", 3389);

        assertEquals(TcpOptions.defaults(), RULE.options().tcp());
        assertEquals(tcp, RULE.withTcp(tcp).withBackendPort(8080).options().tcp());
        assertEquals(tcp, nat.withTcp(tcp).options().tcp());
        assertRefused(
                "tcp: TcpOptions[finTimeout=PT1M, resetOnIdle=true, keepAlive=false, maxDuration=Optional[PT1H], jitter=0.2, lostMemberGrace=Optional.empty]"
                        + " (expected: the defaults for UDP)",
                () -> LoadBalancingRule.of("dns", Frontend.udp("::1", 53), POOL).withTcp(tcp));
    }

    @Test
    void optionsOfDatagramsStartFromDefaultsAndBelongToUdp() {
        UdpOptions dns = UdpOptions.defaults()
                .withMaxFlows(100)
                .withMaxFlowsPerSource(10)
                .withExpectedResponses(1);
        LoadBalancingRule rule = LoadBalancingRule.of("dns", Frontend.udp("::1", 53), POOL);

        assertEquals(new UdpOptions(65_536, 4_096, 0), rule.options().udp());
        assertEquals(new UdpOptions(100, 10, 1), rule.withUdp(dns).options().udp());
        assertEquals(dns, rule.withUdp(dns).withBackendPort(5353).options().udp());
        assertRefused(
                "udp: UdpOptions[maxFlows=100, maxFlowsPerSource=10, expectedResponses=1]"
                        + " (expected: the defaults for TCP)",
                () -> RULE.withUdp(dns));
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
        assertRefused(
                "newFlowsPerSecond: -1 (expected: 1 to 1000000, 0 for any number)",
                () -> FRONT.withNewFlowsPerSecond(-1, 1));
        assertRefused(
                "newFlowBurst: 0 (expected: 1 to 1000000, 0 without a limit)", () -> FRONT.withNewFlowsPerSecond(1, 0));
        assertRefused(
                "trustedProxies: \"10.0.0.1/8\" (expected: no bits beyond the prefix)",
                () -> FRONT.withTrustedProxies("10.0.0.1/8"));
        assertRefused(
                "proxyHeaderTimeout: PT0S (expected: 1 ms to 1 h)", () -> FRONT.withProxyHeaderTimeout(Duration.ZERO));
        assertRefused(
                "proxyHeaderTimeout: PT2562047788015215H30M7S (expected: 1 ms to 1 h)",
                () -> FRONT.withProxyHeaderTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertRefused("frontAddress: \"localhost\" (expected: an IP address)", () -> Frontend.tcp("localhost", 1));
        assertRefused(
                "backendPort: 65536 (expected: 0 to 65535, 0 for the backend's own)",
                () -> RULE.withBackendPort(65_536));
        assertRefused("frontends: [] (expected: at least one, all of one protocol)", () -> RULE.withFrontends());
        assertRefused(
                "frontends: [tcp 127.0.0.10:80, udp [::1]:80] (expected: at least one, all of one protocol)",
                () -> RULE.withFrontends(FRONT, Frontend.udp("::1", 80)));
        assertRefused("idleTimeout: PT0S (expected: > 0 and <= 365 days)", () -> RULE.withIdleTimeout(Duration.ZERO));
        assertRefused(
                "maxFlows: 0 (expected: >= 1)", () -> UdpOptions.defaults().withMaxFlows(0));
        assertRefused(
                "maxFlowsPerSource: 0 (expected: >= 1)",
                () -> UdpOptions.defaults().withMaxFlowsPerSource(0));
        assertRefused(
                "expectedResponses: -1 (expected: >= 0)",
                () -> UdpOptions.defaults().withExpectedResponses(-1));
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
