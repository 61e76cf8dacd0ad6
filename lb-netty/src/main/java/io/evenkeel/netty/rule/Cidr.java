package io.evenkeel.netty.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.net.InetAddresses;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses, as two 128-bit numbers; those of IPv4 are below 2³². IPv4-mapped blocks are IPv4.
 *
 * @see "Fuller, Li: Classless Inter-domain Routing, RFC 4632 (2006), section 3.1"
 */
record Cidr(boolean six, long high, long low, int prefix) {
    /** ASCII only: libraries take the digits of other scripts, too. Zones have no place in a rule. */
    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F.:]{2,45})(?:/(0|[1-9][0-9]{0,2}))?");

    private static final int MAPPED_PREFIX = 96;

    /** {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address. {@code name} is that of the setting, for the error. */
    static Cidr parse(String name, String text) {
        Matcher form = FORM.matcher(text);
        checkArgument(
                form.matches() && InetAddresses.isInetAddress(form.group(1)),
                "%s: \"%s\" (expected: an address such as 10.0.0.1 or a block such as 10.0.0.0/8)",
                name,
                text);
        byte[] address = InetAddresses.forString(form.group(1)).getAddress();
        boolean six = address.length > 4;
        boolean mapped = !six && form.group(1).indexOf(':') >= 0;
        int bits = six || mapped ? 128 : 32;
        int prefix = form.group(2) == null ? bits : Integer.parseInt(form.group(2));
        checkArgument(prefix <= bits, "%s: \"%s\" (expected: a prefix length of at most %s)", name, text, bits);
        // A mapped block is short of 96 bits only with bits beyond its prefix, which are refused below.
        int length = mapped ? Math.max(0, prefix - MAPPED_PREFIX) : prefix;
        Cidr cidr = new Cidr(six, Addresses.high(address), Addresses.low(address), length);
        checkArgument(
                (cidr.high & cidr.hostHigh()) == 0
                        && (cidr.low & cidr.hostLow()) == 0
                        && !(mapped && prefix < MAPPED_PREFIX),
                "%s: \"%s\" (expected: no bits beyond the prefix)",
                name,
                text);
        return cidr;
    }

    long lastHigh() {
        return high | hostHigh();
    }

    long lastLow() {
        return low | hostLow();
    }

    private long hostHigh() {
        return six ? ones(64 - Math.min(64, prefix)) : 0;
    }

    private long hostLow() {
        return six ? ones(128 - Math.max(64, prefix)) : ones(32 - prefix);
    }

    private static long ones(int count) {
        return count == 64 ? -1 : (1L << count) - 1;
    }
}
