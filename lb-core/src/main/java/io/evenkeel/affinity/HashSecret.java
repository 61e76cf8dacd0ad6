package io.evenkeel.affinity;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * The key of the hash that sends traffic to members, 128 bits. Immutable.
 *
 * <p>Who knows the key can choose source ports that all fall on one member, so the default is a random key for each
 * process. Several balancers that must map every flow alike share one key, and keep it as they keep a password.
 *
 * @param k0 first half
 * @param k1 second half
 */
public record HashSecret(long k0, long k1) {
    /** A key from the system's secure source. */
    public static HashSecret random() {
        SecureRandom random = new SecureRandom();
        return new HashSecret(random.nextLong(), random.nextLong());
    }

    /** Turns a text, such as a customer's id, into a key for a keyed pick. Safe for use by many threads. */
    public long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return SipHash.hash(this, bytes, bytes.length);
    }

    /** Hides the key, so that no log shows it. */
    @Override
    public String toString() {
        return "HashSecret[hidden]";
    }
}
