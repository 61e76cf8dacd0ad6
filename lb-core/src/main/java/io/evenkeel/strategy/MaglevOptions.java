package io.evenkeel.strategy;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.affinity.HashSecret;
import java.math.BigInteger;

/**
 * How Maglev hashing finds a member for a key. Start from {@link #defaults}. Immutable.
 *
 * @param secret what keys are hashed with, so that nobody who does not know it can choose keys that all fall on one member;
 *     by default one that is random for each process and the same in all of it. Processes that must send a key to the
 *     same member share one: to keep caches or sessions warm, all clients of a backend must
 * @param tableSize slots: a prime from 2 to 5,000,011 (Envoy's limit), 4 bytes each; or 0, the default, for 65,537, and
 *     655,373 in pools of over 600 backends. With 100 slots for each member, shares are right within 1 %
 * @param steady whether a slot keeps its owner as long as that stays and is not above its share; false by default. Then
 *     nothing but the keys of who leaves moves, where a table that is built anew moves up to 0.6 % of the others', too;
 *     but the table depends on what has happened, so that processes with one secret and one list may still differ
 */
public record MaglevOptions(HashSecret secret, int tableSize, boolean steady) {
    private static final int LARGEST = 5_000_011;

    /** Over 100 slots for each member up to {@link #SMALL_POOL}, and then up to ten times as many. */
    static final int SMALL = 65_537;

    static final int LARGE = 655_373;

    private static final int SMALL_POOL = 600;

    /** Checks the size. */
    public MaglevOptions {
        checkArgument(
                tableSize == 0 || (tableSize > 1 && tableSize <= LARGEST && isPrime(tableSize)),
                "tableSize: %s (expected: 0 or a prime from 2 to %s)",
                tableSize,
                LARGEST);
    }

    /** The process's secret, a table that fits the pool and depends on nothing else. */
    public static MaglevOptions defaults() {
        return new MaglevOptions(KeyHash.OF_PROCESS, 0, false);
    }

    /** The same with another secret. */
    public MaglevOptions withSecret(HashSecret secret) {
        return new MaglevOptions(secret, tableSize, steady);
    }

    /** The same with another number of slots. */
    public MaglevOptions withTableSize(int tableSize) {
        return new MaglevOptions(secret, tableSize, steady);
    }

    /** The same with slots that keep their owners, or without. */
    public MaglevOptions withSteady(boolean steady) {
        return new MaglevOptions(secret, tableSize, steady);
    }

    /** Slots for a pool of so many backends, whether they are well or not: with the size, nearly all keys move. */
    int sizeFor(int backends) {
        if (tableSize > 0) {
            return tableSize;
        }
        return backends <= SMALL_POOL ? SMALL : LARGE;
    }

    private static boolean isPrime(int number) {
        // Exact for such small numbers: no composite passes so many rounds of Miller and Rabin by chance.
        return BigInteger.valueOf(number).isProbablePrime(100);
    }
}
