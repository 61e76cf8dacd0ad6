package io.evenkeel.affinity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4: a short-input hash that nobody can steer without the key.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012.
 */
final class SipHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(HashSecret secret) {
        v0 = secret.k0() ^ 0x736f6d6570736575L;
        v1 = secret.k1() ^ 0x646f72616e646f6dL;
        v2 = secret.k0() ^ 0x6c7967656e657261L;
        v3 = secret.k1() ^ 0x7465646279746573L;
    }

    static long hash(HashSecret secret, byte[] bytes, int length) {
        SipHash state = new SipHash(secret);
        int whole = length & ~7;
        for (int i = 0; i < whole; i += 8) {
            state.compress((long) LONGS.get(bytes, i));
        }
        // The last word holds what is left of the message and, in its top byte, the length modulo 256.
        long last = (long) length << 56;
        for (int i = whole; i < length; i++) {
            last |= (bytes[i] & 0xFFL) << (8 * (i - whole));
        }
        state.compress(last);
        return state.finish();
    }

    private void compress(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish() {
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
