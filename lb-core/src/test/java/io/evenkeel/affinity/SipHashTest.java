package io.evenkeel.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.hash.Hashing;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SipHashTest {
    @Test
    void agreesWithGuavaForEveryLengthUpTo64() {
        SplittableRandom random = new SplittableRandom(1);

        for (int length = 0; length <= 64; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            HashSecret secret = new HashSecret(random.nextLong(), random.nextLong());

            long hash = SipHash.hash(secret, bytes, length);

            long expected =
                    Hashing.sipHash24(secret.k0(), secret.k1()).hashBytes(bytes).asLong();
            assertEquals(expected, hash, "length " + length);
        }
    }

    @Test
    void givesThePublishedValueOfThePaper() {
        // Appendix A of the paper: key 00..0f, message 00..0e.
        byte[] message = new byte[15];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }

        long hash = SipHash.hash(new HashSecret(0x0706050403020100L, 0x0f0e0d0c0b0a0908L), message, message.length);

        assertEquals(0xa129ca6149be45e5L, hash);
    }

    @Test
    void anotherSecretGivesAnotherHash() {
        assertNotEquals(new HashSecret(1, 2).hash("customer 7"), new HashSecret(1, 3).hash("customer 7"));
        assertNotEquals(HashSecret.random(), HashSecret.random());
    }

    @Test
    void noLogShowsTheSecret() {
        assertFalse(new HashSecret(0x1234567890L, 42).toString().matches(".*(42|1234|78187493520).*"));
    }
}
