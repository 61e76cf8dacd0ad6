package io.evenkeel.affinity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * xxHash64: fast, well spread, and without a secret. For what others must be able to work out alike: tables, subsets, and
 * keys for {@code SelectionStrategy.ringHash()} that go where Envoy and gRPC send them. Never for keys that somebody may
 * choose who means harm: against that there is {@link HashSecret}.
 *
 * <p>Source: Collet, "xxHash fast digest algorithm", specification 0.1.1, section XXH64.
 */
public final class XxHash64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    /** The hash of all of the bytes; another one for each seed. Takes some nanoseconds and allocates nothing. */
    public static long hash(byte[] bytes, long seed) {
        int end = bytes.length;
        int i = end & ~31;
        long h = (end >= 32 ? stripes(bytes, i, seed) : seed + P5) + end;
        for (; i + 8 <= end; i += 8) {
            h = Long.rotateLeft(h ^ round(0, (long) LONGS.get(bytes, i)), 27) * P1 + P4;
        }
        if (i + 4 <= end) {
            h = Long.rotateLeft(h ^ ((int) INTS.get(bytes, i) & 0xFFFFFFFFL) * P1, 23) * P2 + P3;
            i += 4;
        }
        for (; i < end; i++) {
            h = Long.rotateLeft(h ^ (bytes[i] & 0xFF) * P5, 11) * P1;
        }
        return avalanche(h);
    }

    private static long stripes(byte[] bytes, int end, long seed) {
        long a = seed + P1 + P2;
        long b = seed + P2;
        long c = seed;
        long d = seed - P1;
        for (int i = 0; i < end; i += 32) {
            a = round(a, (long) LONGS.get(bytes, i));
            b = round(b, (long) LONGS.get(bytes, i + 8));
            c = round(c, (long) LONGS.get(bytes, i + 16));
            d = round(d, (long) LONGS.get(bytes, i + 24));
        }
        long h = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        return merge(merge(merge(merge(h, a), b), c), d);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * P2, 31) * P1;
    }

    private static long merge(long h, long lane) {
        return (h ^ round(0, lane)) * P1 + P4;
    }

    private static long avalanche(long hash) {
        long h = (hash ^ (hash >>> 33)) * P2;
        h = (h ^ (h >>> 29)) * P3;
        return h ^ (h >>> 32);
    }
}
