package io.evenkeel.netty.rule;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which rules cover a number of up to 128 bits. The whole range of numbers is cut wherever a rule begins or ends to
 * apply; each piece has one bit for each rule. Immutable.
 *
 * @see "Lakshman, Stiliadis: High-Speed Policy-based Packet Forwarding Using Efficient Multi-dimensional Range Matching,
 *     SIGCOMM 1998"
 */
final class Coverage {
    /** What one rule covers, from the first to the last number. */
    record Span(int rule, Number128 first, Number128 last) {}

    /** An unsigned number. */
    record Number128(long high, long low) implements Comparable<Number128> {
        static final Number128 ZERO = new Number128(0, 0);

        @Override
        public int compareTo(Number128 other) {
            return compare(high, low, other.high, other.low);
        }

        boolean isMax() {
            return (high & low) == -1;
        }

        Number128 next() {
            return new Number128(low == -1 ? high + 1 : high, low + 1);
        }
    }

    /** Where the pieces begin, in ascending order; the first is 0. */
    private final long[] highs;

    private final long[] lows;
    private final long[][] rules;

    private Coverage(long[] highs, long[] lows, long[][] rules) {
        this.highs = highs;
        this.lows = lows;
        this.rules = rules;
    }

    /** {@code words} is how many longs hold a bit for each rule. */
    static Coverage of(List<Span> spans, int words) {
        Number128[] cuts = Stream.concat(
                        Stream.of(Number128.ZERO),
                        spans.stream()
                                .flatMap(span -> span.last().isMax()
                                        ? Stream.of(span.first())
                                        : Stream.of(span.first(), span.last().next())))
                .sorted()
                .distinct()
                .toArray(Number128[]::new);
        long[][] rules = new long[cuts.length][words];
        for (Span span : spans) {
            int piece = Arrays.binarySearch(cuts, span.first());
            for (; piece < cuts.length && cuts[piece].compareTo(span.last()) <= 0; piece++) {
                rules[piece][span.rule() >> 6] |= 1L << span.rule();
            }
        }
        return new Coverage(
                Arrays.stream(cuts).mapToLong(Number128::high).toArray(),
                Arrays.stream(cuts).mapToLong(Number128::low).toArray(),
                rules);
    }

    /** One bit for each rule, rule 0 in the lowest bit of the first; not to be changed. */
    long[] at(long high, long low) {
        int from = 0;
        int to = highs.length;
        while (to - from > 1) {
            int middle = (from + to) >>> 1;
            if (compare(high, low, highs[middle], lows[middle]) < 0) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return rules[from];
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int highs = Long.compareUnsigned(high, otherHigh);
        return highs != 0 ? highs : Long.compareUnsigned(low, otherLow);
    }
}
