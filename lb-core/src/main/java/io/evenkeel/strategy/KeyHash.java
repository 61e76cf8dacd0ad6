package io.evenkeel.strategy;

import io.evenkeel.affinity.HashSecret;
import java.util.random.RandomGenerator;

/**
 * Hashes keys under a secret: keys that were chosen without it fall together as by chance, whatever their pattern.
 *
 * <p>Strongly universal but for a carry into the lowest bit, which is proven and costs two multiplications; a hash that
 * nobody can tell from chance, such as SipHash, would cost several picks. Keys are spread beforehand, so that those of
 * everyday life, 1, 2, 3…, fall as independently as random ones. Source: Dietzfelbinger, "Universal hashing and k-wise
 * independent random variables via integer arithmetic without primes", STACS 1996.
 */
final class KeyHash {
    /** What strategies of this process share that were given no secret, so that they agree with one another. */
    static final HashSecret OF_PROCESS = HashSecret.random();

    // Of a 128-bit product plus a summand, the upper half.
    private final long high;
    private final long low;
    private final long summand;
    private final RandomGenerator random;

    KeyHash(HashSecret secret, RandomGenerator random) {
        this.high = secret.hash("upper half of the factor");
        this.low = secret.hash("lower half of the factor");
        this.summand = secret.hash("summand");
        this.random = random;
    }

    /** The hash of the context's key; any, where it has none. */
    long of(PickContext context) {
        return context.hasKey() ? of(context.key()) : random.nextLong();
    }

    long of(long key) {
        long spread = Mix.spread(key);
        return high * spread + Math.multiplyHigh(low, spread) + summand;
    }
}
