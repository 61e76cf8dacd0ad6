package io.evenkeel.netty.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a security group, ready to be asked. The rules that match are those that cover both address and port, and
 * the first of them decides. Immutable.
 */
final class RuleMatcher {
    private static final int MAX_PORT = 65_535;

    private final Coverage four;
    private final Coverage six;
    private final Coverage ports;
    private final long[] denies;

    /** Of rules in the order in which they are asked. */
    RuleMatcher(List<SecurityRule> rules) {
        int words = (rules.size() + 63) >> 6;
        List<Coverage.Span> fourSpans = new ArrayList<>();
        List<Coverage.Span> sixSpans = new ArrayList<>();
        List<Coverage.Span> portSpans = new ArrayList<>();
        denies = new long[words];
        for (int rule = 0; rule < rules.size(); rule++) {
            SecurityRule settings = rules.get(rule);
            for (Cidr block : settings.blocks()) {
                (block.six() ? sixSpans : fourSpans)
                        .add(new Coverage.Span(
                                rule,
                                new Coverage.Number128(block.high(), block.low()),
                                new Coverage.Number128(block.lastHigh(), block.lastLow())));
            }
            portSpans.add(new Coverage.Span(
                    rule,
                    new Coverage.Number128(0, settings.firstPort()),
                    new Coverage.Number128(0, settings.lastPort())));
            if (!settings.allow()) {
                denies[rule >> 6] |= 1L << rule;
            }
        }
        four = Coverage.of(fourSpans, words);
        six = Coverage.of(sixSpans, words);
        ports = Coverage.of(portSpans, words);
    }

    boolean allows(byte[] address, int port) {
        long high = Addresses.high(address);
        long low = Addresses.low(address);
        if (address.length == 4 || Addresses.isMapped(high, low)) {
            return allowsFour(low & Addresses.LOW_32, port);
        }
        long[] own = six.at(high, low);
        long embedded = Addresses.embedded(high, low);
        return allows(own, embedded == Addresses.NONE ? own : four.at(0, embedded), port);
    }

    /** For an IPv4 address. */
    boolean allowsFour(long address, int port) {
        long[] own = four.at(0, address);
        return allows(own, own, port);
    }

    /** Rules that deny also match by {@code hidden}; those that allow do not. */
    private boolean allows(long[] own, long[] hidden, int port) {
        if (port < 0 || port > MAX_PORT) {
            return false;
        }
        long[] onPort = ports.at(0, port);
        for (int word = 0; word < denies.length; word++) {
            long matching = (own[word] | (hidden[word] & denies[word])) & onPort[word];
            if (matching != 0) {
                return (matching & -matching & denies[word]) == 0;
            }
        }
        return false;
    }
}
