package io.evenkeel.strategy;

/** Bit mixing for keys that come from outside. */
final class Mix {
    private Mix() {}

    /** Spreads a key over all 64 bits, so that 1, 2, 3… fall anywhere: the finaliser of SplitMix64 (Steele 2014). */
    static long spread(long key) {
        long z = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** The next value of SplitMix64's sequence. */
    static long next(long key) {
        return spread(key + 0x9e3779b97f4a7c15L);
    }

    /**
     * Maps 64 random or spread bits to {@code [0, bound)} by their high bits: a multiplication where a remainder would
     * divide. Shares differ by one in 2^63 / bound.
     */
    static int reduce(long spread, int bound) {
        return (int) Math.multiplyHigh(spread >>> 1, (long) bound << 1);
    }
}
