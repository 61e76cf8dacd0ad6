package io.evenkeel.netty.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The matcher against one that goes through the rules bit by bit. */
@Tag("netty")
class RuleMatcherTest {
    private static final int GROUPS = 10_000;
    private static final int QUESTIONS = 100;

    /** A rule as the oracle knows it. */
    private record Plain(boolean allow, int bits, BigInteger block, int prefix, int firstPort, int lastPort) {
        boolean covers(byte[] address, int port) {
            return address.length * 8 == bits
                    && port >= firstPort
                    && port <= lastPort
                    && new BigInteger(1, address).shiftRight(bits - prefix).equals(block.shiftRight(bits - prefix));
        }
    }

    private final Random random = new Random(9);

    @Test
    @DisplayName("2. S9: 1,000,000 random decisions are those of an oracle that compares bit by bit")
    void aMillionDecisionsAreThoseOfTheOracle() throws UnknownHostException {
        int allowed = 0;
        for (int g = 0; g < GROUPS; g++) {
            // 1 to 130 rules, so that one, two and three words of bits are seen, mostly few.
            int size = g % 100 == 0 ? 130 : g % 10 == 0 ? 66 : 1 + random.nextInt(8);
            List<Plain> plain = new ArrayList<>();
            List<SecurityRule> rules = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Plain rule = rule();
                plain.add(rule);
                rules.add(new SecurityRule(
                        100 + i, "r" + i, rule.allow, List.of(text(rule)), rule.firstPort, rule.lastPort));
            }
            RuleMatcher matcher = new RuleMatcher(rules);
            for (int q = 0; q < QUESTIONS; q++) {
                byte[] address = address(plain.get(random.nextInt(size)));
                int port = random.nextInt(5);
                boolean expected = oracle(plain, address, port);
                assertEquals(
                        expected,
                        matcher.allows(address, port),
                        () -> rules + " " + new BigInteger(1, address).toString(16) + " " + port);
                allowed += expected ? 1 : 0;
            }
        }
        // Both answers are common, or the test would say little.
        assertTrue(allowed > GROUPS * QUESTIONS / 10 && allowed < GROUPS * QUESTIONS * 9 / 10, allowed + " allowed");
    }

    private static boolean oracle(List<Plain> rules, byte[] address, int port) {
        byte[] own = address;
        byte[] hidden = new byte[0];
        if (address.length == 16) {
            BigInteger number = new BigInteger(1, address);
            if (number.shiftRight(32).equals(BigInteger.valueOf(0xffff))) {
                own = slice(address, 12);
            } else if (number.shiftRight(112).intValue() == 0x2002) {
                hidden = slice(address, 2);
            } else if (number.shiftRight(32).equals(new BigInteger("64ff9b0000000000000000", 16))
                    || (number.bitLength() <= 32 && number.bitLength() > 1)) {
                hidden = slice(address, 12);
            }
        }
        for (Plain rule : rules) {
            if (rule.covers(own, port) || (!rule.allow && hidden.length == 4 && rule.covers(hidden, port))) {
                return rule.allow;
            }
        }
        return false;
    }

    private static byte[] slice(byte[] address, int from) {
        return Arrays.copyOfRange(address, from, from + 4);
    }

    private Plain rule() {
        byte[] address = random.nextInt(3) == 0 ? six() : four();
        int bits = address.length * 8;
        int prefix = switch (random.nextInt(4)) {
            case 0 -> bits - random.nextInt(4);
            case 1 -> random.nextInt(4);
            default -> random.nextInt(bits + 1);
        };
        BigInteger block = new BigInteger(1, address).shiftRight(bits - prefix).shiftLeft(bits - prefix);
        int firstPort = random.nextInt(5);
        return new Plain(
                random.nextBoolean(), bits, block, prefix, firstPort, firstPort + random.nextInt(5 - firstPort));
    }

    /** Few different bytes, so that blocks lie in each other. */
    private byte[] four() {
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3) - 1);
        }
        return address;
    }

    /** Never a mapped one, whose prefix would be counted from 96. */
    private byte[] six() {
        byte[] address = new byte[16];
        for (int i = 0; i < 16; i++) {
            address[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : 0);
        }
        address[0] = 0x20;
        address[1] = (byte) (1 + random.nextInt(2));
        return address;
    }

    /** An address in the block, one just outside of it, another spelling of one, or any. */
    private byte[] address(Plain rule) {
        BigInteger size = BigInteger.ONE.shiftLeft(rule.bits - rule.prefix);
        BigInteger number = switch (random.nextInt(5)) {
            case 0 -> rule.block;
            case 1 -> rule.block.add(size).subtract(BigInteger.ONE);
            case 2 -> rule.block.add(size);
            case 3 -> rule.block.subtract(BigInteger.ONE);
            default -> rule.block.add(new BigInteger(rule.bits - rule.prefix, random));
        };
        byte[] address = bytes(number.mod(BigInteger.ONE.shiftLeft(rule.bits)), rule.bits / 8);
        return address.length == 4 && random.nextBoolean() ? disguised(address) : address;
    }

    private byte[] disguised(byte[] four) {
        byte[] six = new byte[16];
        int at = 12;
        switch (random.nextInt(4)) {
            case 0 -> six[10] = six[11] = (byte) 0xff;
            case 1 -> {
                six[1] = 0x64;
                six[2] = (byte) 0xff;
                six[3] = (byte) 0x9b;
            }
            case 2 -> {
                six[0] = 0x20;
                six[1] = 0x02;
                six[15] = 1;
                at = 2;
            }
            default -> {} // compatible
        }
        System.arraycopy(four, 0, six, at, 4);
        return six;
    }

    private static String text(Plain rule) throws UnknownHostException {
        return InetAddress.getByAddress(bytes(rule.block, rule.bits / 8)).getHostAddress() + "/" + rule.prefix;
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        byte[] raw = number.toByteArray();
        int count = Math.min(length, raw.length);
        System.arraycopy(raw, raw.length - count, bytes, length - count, count);
        return bytes;
    }
}
