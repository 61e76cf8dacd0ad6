package io.evenkeel.netty.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What must hold of the reader of address blocks, whatever it is given. */
public final class CidrFuzz {
    private CidrFuzz() {}

    /** Called by the fuzzer, and by a test with each input of the corpus. */
    public static void fuzzerTestOneInput(byte[] data) throws UnknownHostException {
        String text = new String(data, UTF_8);
        Cidr block;
        try {
            block = Cidr.parse("source", text);
        } catch (IllegalArgumentException e) {
            return;
        }
        // What is read is plain ASCII, so that the JDK's reader takes it for an address and asks no name server.
        byte[] address = InetAddress.getByName(text.replaceFirst("/.*", "")).getAddress();
        check((address.length == 16) == block.six(), "the JDK sees the same family");
        check(number(block.high(), block.low()).equals(new BigInteger(1, address)), "the JDK reads the same address");
        BigInteger size = number(block.lastHigh(), block.lastLow())
                .subtract(number(block.high(), block.low()))
                .add(BigInteger.ONE);
        check(
                size.equals(BigInteger.ONE.shiftLeft(address.length * 8 - block.prefix())),
                "as large as its prefix says");
        String again = InetAddress.getByAddress(address).getHostAddress() + "/" + block.prefix();
        check(block.equals(Cidr.parse("source", again)), "written and read again");
    }

    private static BigInteger number(long high, long low) {
        return new BigInteger(Long.toUnsignedString(high))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(low)));
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }
}
