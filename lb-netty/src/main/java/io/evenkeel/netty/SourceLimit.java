package io.evenkeel.netty;

import io.evenkeel.affinity.HashSecret;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A token bucket for each source, in a table that never grows. A bucket is one number: the time at which it is full again.
 *
 * <p>When a source needs a place, it gets that of the neighbour which is full first. To forget a full bucket changes
 * nothing, so a flood of sources cannot hurt those that keep to the limit, and throws out its own before one that is over it.
 *
 * <p>Two threads that use one place at the same moment may let a flow too many in, which is cheaper than a lock.
 *
 * @see "ITU-T I.371 (2004), annex A: the generic cell rate algorithm"
 */
final class SourceLimit {
    private static final int SETS = 1024;
    private static final int WAYS = 8;

    private final AtomicLongArray sources = new AtomicLongArray(SETS * WAYS);
    private final AtomicLongArray fullAt = new AtomicLongArray(SETS * WAYS);
    private final long intervalNanos;
    private final long toleranceNanos;
    private final long secret;

    SourceLimit(int perSecond, int burst, long nowNanos) {
        this(perSecond, burst, nowNanos, HashSecret.random().k0());
    }

    SourceLimit(int perSecond, int burst, long nowNanos, long secret) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.toleranceNanos = (burst - 1) * intervalNanos;
        this.secret = secret;
        for (int place = 0; place < fullAt.length(); place++) {
            fullAt.set(place, nowNanos); // an empty place is the full bucket of source 0
        }
    }

    /** Takes a token; false if there is none. */
    boolean admits(InetAddress address, long nowNanos) {
        long source = source(address.getAddress());
        int place = place(source, nowNanos);
        while (true) {
            boolean known = sources.get(place) == source;
            long full = fullAt.get(place);
            long from = known && full - nowNanos > 0 ? full : nowNanos;
            if (from - nowNanos > toleranceNanos) {
                return false;
            }
            if (fullAt.compareAndSet(place, full, from + intervalNanos)) {
                sources.set(place, source);
                return true;
            }
        }
    }

    /** Where the source is, or else the place whose bucket is full first. */
    private int place(long source, long nowNanos) {
        int first = (int) (mix(source ^ secret) >>> 54) * WAYS;
        int best = first;
        for (int place = first; place < first + WAYS; place++) {
            if (sources.get(place) == source) {
                return place;
            }
            if (fullAt.get(place) - nowNanos < fullAt.get(best) - nowNanos) {
                best = place;
            }
        }
        return best;
    }

    /** All of IPv4; of IPv6 the 64 bits that a network gives to one customer at least. */
    private static long source(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        // The mark keeps IPv4 apart from IPv6 addresses in use: none begins with 0000:ffff.
        return address.length == 4 ? 0xffff_0000_0000L | Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
    }

    /** Spreads every bit over all others (Stafford's variant 13 of the finalizer of MurmurHash3, 2011). */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
