package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read as a block of addresses, and what is refused. */
@Tag("netty")
class CidrTest {
    @Test
    @DisplayName("2. S9: blocks of both families are read, and an address is a block of one")
    void blocksOfBothFamiliesAreRead() {
        assertEquals(new Cidr(false, 0, 0x0a00_0000L, 8), Cidr.parse("source", "10.0.0.0/8"));
        assertEquals(new Cidr(false, 0, 0, 0), Cidr.parse("source", "0.0.0.0/0"));
        assertEquals(new Cidr(false, 0, 0xffff_ffffL, 32), Cidr.parse("source", "255.255.255.255"));
        assertEquals(new Cidr(true, 0x2001_0db8_0000_0000L, 0, 32), Cidr.parse("source", "2001:DB8::/32"));
        assertEquals(new Cidr(true, 0, 1, 128), Cidr.parse("source", "::1"));
    }

    @Test
    @DisplayName("2. S9: a mapped block is IPv4")
    void aMappedBlockIsIpv4() {
        assertEquals(Cidr.parse("source", "10.0.0.0/8"), Cidr.parse("source", "::ffff:10.0.0.0/104"));
        assertEquals(Cidr.parse("source", "10.0.0.1"), Cidr.parse("source", "::ffff:a00:1"));
        assertEquals(Cidr.parse("source", "0.0.0.0/0"), Cidr.parse("source", "::ffff:0:0/96"));
    }

    @DisplayName("2. S9: what is not plainly a block is refused")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "010.0.0.1",
                "10.0.0.01",
                "10.0.0",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0.0 /8",
                " 10.0.0.0/8",
                "10.0.0.256",
                "10.0.0.0/255.0.0.0",
                "\uff11\uff10.0.0.0/8",
                "1\u0660.0.0.0/8",
                "localhost",
                "2001:db8::/129",
                "2001:db8::1::",
                "fe80::1%eth0",
                "[::1]",
                "2001:db8::/0032",
                "*",
            })
    void whatIsNotPlainlyABlockIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.parse("source", text));
    }

    @DisplayName("2. S9: bits beyond the prefix are refused")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.1/31",
                "128.0.0.0/0",
                "2001:db8::1/64",
                "2001:db8:0:1::/63",
                "8000::/0",
                "2001:db8::1/127",
                "::ffff:10.0.0.1/104",
                "::ffff:10.0.0.0/95",
                "::ffff:0.0.0.0/0",
            })
    void bitsBeyondThePrefixAreRefused(String text) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Cidr.parse("source", text));

        assertEquals("source: \"" + text + "\" (expected: no bits beyond the prefix)", refused.getMessage());
    }
}
