package io.evenkeel.strategy;

import static io.evenkeel.testing.Pools.poolOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenkeel.affinity.HashSecret;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private static final HashSecret KNOWN = new HashSecret(1, 2);
    private static final HashSecret UNKNOWN = new HashSecret(3, 4);
    private static final long CANDIDATES = 2_000_000;

    @Test
    @Tag("strategy")
    @DisplayName("4 keys that all hit one member by one secret do not by another: Maglev")
    void keysAimedThroughMaglevMissWithAnotherSecret() {
        assertAimIsLost(
                secret -> SelectionStrategy.maglev(MaglevOptions.defaults().withSecret(secret)));
    }

    @Test
    @Tag("strategy")
    @DisplayName("4 keys that all hit one member by one secret do not by another: rendezvous")
    void keysAimedThroughRendezvousMissWithAnotherSecret() {
        assertAimIsLost(SelectionStrategy::rendezvous);
    }

    private static void assertAimIsLost(Function<HashSecret, SelectionStrategy> strategy) {
        Selector known = strategy.apply(KNOWN).selectorFor(poolOf(10).snapshot());
        Selector unknown = strategy.apply(UNKNOWN).selectorFor(poolOf(10).snapshot());
        long[] aimed = LongStream.range(0, CANDIDATES)
                .filter(key -> isOnTarget(known, key))
                .toArray();

        long hits = LongStream.of(aimed).filter(key -> isOnTarget(unknown, key)).count();

        // About 20,000 of 200,000, standard deviation 134: 1.2 / 10 is 30 of them away.
        assertTrue(aimed.length > 190_000 && hits < 1.2 / 10 * aimed.length, hits + " of " + aimed.length);
    }

    private static boolean isOnTarget(Selector selector, long key) {
        return selector.select(PickContext.keyed(key)).backend().id().equals("b3");
    }

    @Test
    void twoKeysOfAnyDifferenceFallTogetherAsByChance() {
        // Flips that pass the first multiplication of the spreading as one flipped bit, single bits, and neighbours.
        long[] differences = {1L << 63 | 1L << 33 | 1L << 3, 1L << 63, 1L << 17, 1, 3};
        SplittableRandom secrets = new SplittableRandom(9);
        for (long difference : differences) {
            int together = 0;
            for (int i = 0; i < 20_000; i++) {
                KeyHash hash = new KeyHash(new HashSecret(secrets.nextLong(), secrets.nextLong()), new Random(1));
                together += bucket(hash.of(0x1234)) == bucket(hash.of(0x1234 ^ difference)) ? 1 : 0;
            }

            // 200 of 20,000 over 100 buckets, standard deviation 14; five of them are passed once in 1.7 million.
            assertEquals(200, together, 70, Long.toHexString(difference));
        }
    }

    private static int bucket(long hash) {
        return Mix.reduce(hash, 100);
    }

    @Test
    void keysOfEverydayLifeAreSpreadEvenly() {
        for (HashSecret secret : new HashSecret[] {KNOWN, UNKNOWN, new HashSecret(0, 0)}) {
            KeyHash hash = new KeyHash(secret, new Random(1));
            int[] counts = new int[100];
            for (long key = 0; key < 100_000; key++) {
                counts[bucket(hash.of(key))]++;
            }
            double chiSquare = 0;
            for (int count : counts) {
                chiSquare += Math.pow(count - 1_000, 2) / 1_000;
            }

            // 99 degrees of freedom: 161 is passed once in 10,000 times.
            assertTrue(chiSquare < 161, "chi-square " + chiSquare);
        }
    }

    @Test
    void strategiesWithoutASecretAgreeWithinTheProcess() {
        Selector one = SelectionStrategy.maglev().selectorFor(poolOf(10).snapshot());
        Selector two = SelectionStrategy.maglev().selectorFor(poolOf(10).snapshot());

        LongStream.range(0, 1_000)
                .forEach(key -> assertEquals(
                        one.select(PickContext.keyed(key)).backend(),
                        two.select(PickContext.keyed(key)).backend()));
    }

    @Test
    void anotherSecretIsAnotherHash() {
        assertNotEquals(new KeyHash(KNOWN, new Random(1)).of(5), new KeyHash(UNKNOWN, new Random(1)).of(5));
    }
}
