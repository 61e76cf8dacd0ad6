package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rule decides, and that no spelling of an address gets around one. */
@Tag("netty")
class SecurityGroupTest {
    @Test
    @DisplayName("2. 96: the lowest priority number that matches decides, in whatever order rules are given")
    void theLowestPriorityNumberThatMatchesDecides() {
        SecurityGroup group = SecurityGroup.of(
                "web",
                SecurityRule.deny(300, "rest", "10.0.0.0/8"),
                SecurityRule.allow(100, "office", "10.1.0.0/16"),
                SecurityRule.deny(101, "printer", "10.1.2.3"));

        assertTrue(allows(group, "10.1.2.3"));
        assertFalse(allows(group, "10.2.2.3"));
        assertEquals(
                List.of("office", "printer", "rest"),
                group.rules().stream().map(SecurityRule::name).toList());
    }

    @Test
    @DisplayName("2. 96: what no rule allows is denied, and a group without rules denies everything")
    void whatNoRuleAllowsIsDenied() {
        SecurityGroup office = SecurityGroup.of("web", SecurityRule.allow(100, "office", "10.1.0.0/16"));

        assertFalse(allows(office, "10.2.0.1"));
        assertFalse(allows(office, "2001:db8::1"));
        assertFalse(allows(SecurityGroup.of("empty"), "10.1.0.1"));
    }

    @Test
    @DisplayName("2. 97: a rule is about its ports only, both ends included")
    void aRuleIsAboutItsPortsOnly() {
        SecurityGroup group = SecurityGroup.of(
                "web",
                SecurityRule.allow(100, "web", "*").withPorts(80, 90),
                SecurityRule.allow(200, "rdp", "10.0.0.1").withPort(3389));

        assertEquals(List.of(false, true, true, false), allowedAt(group, "10.0.0.2", 79, 80, 90, 91));
        assertEquals(List.of(false, true, false), allowedAt(group, "10.0.0.1", 3388, 3389, 3390));
        assertEquals(
                List.of(true, true, false, false),
                allowedAt(SecurityGroup.of("all", SecurityRule.allow(100, "all", "*")), "::1", 0, 65_535, 65_536, -1));
    }

    @Test
    @DisplayName("2. S9: each family has blocks of its own, and * is both")
    void eachFamilyHasBlocksOfItsOwn() {
        SecurityGroup four = SecurityGroup.of("four", SecurityRule.allow(100, "all", "0.0.0.0/0"));
        SecurityGroup six = SecurityGroup.of("six", SecurityRule.allow(100, "all", "::/0"));
        SecurityGroup both = SecurityGroup.of("both", SecurityRule.allow(100, "all", "*"));

        assertEquals(List.of(true, false), List.of(allows(four, "255.255.255.255"), allows(four, "::")));
        assertEquals(
                List.of(false, true),
                List.of(allows(six, "0.0.0.0"), allows(six, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
        assertEquals(List.of(true, true), List.of(allows(both, "1.2.3.4"), allows(both, "2001:db8::1")));
    }

    /** What filters elsewhere let in by mistake. */
    @DisplayName("2. S9: the last bits of an IPv6 prefix count")
    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32, 2001:db8::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/32, 3fff:ffff::1, false",
        "fc00::/7, fdff::1, true",
        "fc00::/7, fe80::1, false",
        "2001:db8::/63, 2001:db8:0:1::1, true",
        "2001:db8::/63, 2001:db8:0:2::1, false",
        "2001:db8::/65, 2001:db8:0:0:7fff::1, true",
        "2001:db8::/65, 2001:db8:0:0:8000::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "2001:db8::1, 2001:db8::2, false",
    })
    void theLastBitsOfAPrefixCount(String block, String address, boolean allowed) {
        SecurityGroup group = SecurityGroup.of("web", SecurityRule.allow(100, "block", block));

        assertEquals(allowed, allows(group, address));
    }

    @DisplayName("2. S9: no other spelling of a denied IPv4 address is let in")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "::ffff:10.1.2.3",
                "::ffff:a01:203",
                "::10.1.2.3",
                "::a01:203",
                "64:ff9b::10.1.2.3",
                "64:ff9b::a01:203",
                "2002:a01:203::",
                "2002:a01:203::1",
                "2002:a01:203:ffff::1",
            })
    void noOtherSpellingOfADeniedAddressIsLetIn(String spelling) {
        SecurityGroup group = SecurityGroup.of(
                "web", SecurityRule.deny(100, "inside", "10.0.0.0/8"), SecurityRule.allow(200, "rest", "*"));

        assertFalse(allows(group, spelling));
        assertTrue(allows(group, spelling.replace("10.1.2.3", "11.1.2.3").replace("a01:", "b01:")));
    }

    @DisplayName("2. S9: an IPv6 address that leads to an allowed IPv4 address is not let in for that")
    @ParameterizedTest
    @ValueSource(strings = {"::10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1"})
    void anAllowRuleDoesNotReachIntoIpv6(String spelling) {
        SecurityGroup group = SecurityGroup.of(
                "web", SecurityRule.allow(100, "inside", "10.0.0.0/8"), SecurityRule.deny(200, "rest", "10.0.0.0/7"));

        assertTrue(allows(group, "10.1.2.3"));
        assertFalse(allows(group, spelling));
    }

    @Test
    @DisplayName("2. S9: a mapped address is IPv4 even in a class of IPv6, and neither ::1 nor a zone is a way around")
    void aMappedAddressIsIpv4AndZonesDoNotMatter() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        InetAddress disguised = Inet6Address.getByAddress("mapped", mapped, 2);
        InetAddress zoned =
                Inet6Address.getByAddress("zoned", address("fe80::1").getAddress(), 7);
        SecurityGroup group = SecurityGroup.of(
                "web",
                SecurityRule.allow(100, "ten", "::ffff:10.0.0.0/104"),
                SecurityRule.deny(200, "link", "fe80::/10"),
                SecurityRule.deny(201, "four", "0.0.0.0/0"),
                SecurityRule.allow(300, "six", "::/0"));

        assertTrue(disguised instanceof Inet6Address);
        assertTrue(group.allows(disguised, 80));
        assertTrue(allows(group, "10.255.0.1"));
        assertFalse(group.allows(zoned, 80));
        assertTrue(allows(group, "::1"));
        assertFalse(allows(group, "::2"));
    }

    @Test
    @DisplayName("2. a replacement holds for the next decision, and one that is refused changes nothing")
    void aReplacementHoldsAtOnce() {
        SecurityGroup group = SecurityGroup.of("web", SecurityRule.allow(100, "all", "*"));

        assertThrows(
                IllegalArgumentException.class,
                () -> group.replace(List.of(SecurityRule.deny(100, "a", "*"), SecurityRule.deny(100, "b", "*"))));
        assertTrue(allows(group, "10.0.0.1"));

        group.replace(List.of(SecurityRule.deny(100, "all", "*")));
        assertFalse(allows(group, "10.0.0.1"));
    }

    @Test
    void badValuesAreRefusedWithNameValueAndExpectation() {
        assertRefused("priority: 99 (expected: 100 to 4096)", () -> SecurityRule.allow(99, "a", "*"));
        assertRefused("priority: 4097 (expected: 100 to 4096)", () -> SecurityRule.allow(4097, "a", "*"));
        assertRefused("sources: none (expected: at least one, * for any)", () -> SecurityRule.deny(100, "a"));
        assertRefused(
                "ports: 90 to 80 (expected: a range within 0 to 65535)",
                () -> SecurityRule.deny(100, "a", "*").withPorts(90, 80));
        assertRefused(
                "priority: 100 of rule \"b\" (expected: one that no other rule has)",
                () -> SecurityGroup.of("g", SecurityRule.deny(100, "a", "*"), SecurityRule.deny(100, "b", "*")));
        assertRefused(
                "rule: \"a\" (expected: a name that no other rule has)",
                () -> SecurityGroup.of("g", SecurityRule.deny(100, "a", "*"), SecurityRule.deny(101, "a", "*")));
        assertRefused("name: \"a?b\" (expected: a name without control characters)", () -> SecurityGroup.of("a\nb"));
    }

    private static boolean allows(SecurityGroup group, String address) {
        return group.allows(address(address), 80);
    }

    private static List<Boolean> allowedAt(SecurityGroup group, String address, int... ports) {
        return Arrays.stream(ports)
                .mapToObj(port -> group.allows(address(address), port))
                .toList();
    }

    private static InetAddress address(String ip) {
        return InetAddresses.forString(ip);
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
