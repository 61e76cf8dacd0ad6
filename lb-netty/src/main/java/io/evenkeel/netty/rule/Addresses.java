package io.evenkeel.netty.rule;

/**
 * Addresses as 128-bit numbers, and what hides in them: the same host can write itself in several ways, and a rule must
 * hold for all of them.
 */
final class Addresses {
    /** No IPv4 address inside. */
    static final long NONE = -1;

    static final long LOW_32 = 0xffff_ffffL;

    private Addresses() {}

    static long high(byte[] address) {
        return address.length == 4 ? 0 : number(address, 0, 8);
    }

    static long low(byte[] address) {
        return address.length == 4 ? number(address, 0, 4) : number(address, 8, 16);
    }

    private static long number(byte[] address, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | (address[i] & 0xff);
        }
        return number;
    }

    /** Whether an IPv6 address is only another way to write an IPv4 one (RFC 4291, section 2.5.5.2). */
    static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /**
     * The IPv4 address that an IPv6 address leads to, or {@link #NONE}: compatible (RFC 4291, section 2.5.5.1), 6to4 (RFC
     * 3056) and NAT64 with the well-known prefix (RFC 6052).
     */
    static long embedded(long high, long low) {
        if (high >>> 48 == 0x2002) {
            return high >>> 16 & LOW_32;
        }
        boolean isNat64 = high == 0x0064_ff9b_0000_0000L;
        // ::0 and ::1 are no compatible addresses, but "unspecified" and "this host".
        boolean isCompatible = high == 0 && low > 1;
        return (isNat64 || isCompatible) && low >>> 32 == 0 ? low : NONE;
    }
}
