package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * How many picks are open at all members together, without a count at each pick or a counter that all threads share: one
 * pick in 16, by chance, counts a stretch of 16 members anew, or all of a smaller pool. So every member is counted once in
 * as many picks as there are members, and the total is behind by what has begun or ended meanwhile: half a pick for each
 * member.
 */
final class Census {
    private static final int STRETCH = 16;

    private final LoadStats[] loads;
    private final int stretch;
    private final int period; // a power of two, and no longer than the stretch
    private final RandomGenerator random;
    private final AtomicBoolean isCounting = new AtomicBoolean();
    private final long[] counted; // by whoever has set isCounting
    private int next; // by whoever has set isCounting
    private long sum; // by whoever has set isCounting
    private volatile long total;

    Census(Member[] members, RandomGenerator random) {
        this.loads = Arrays.stream(members).map(Member::load).toArray(LoadStats[]::new);
        this.random = random;
        this.counted = new long[loads.length];
        this.stretch = Math.min(STRETCH, loads.length);
        this.period = Math.max(1, Integer.highestOneBit(stretch));
        countAll();
    }

    /** Open picks at all members. */
    long total() {
        return total;
    }

    /** At each pick. */
    void sometimesCount() {
        if ((random.nextInt() & period - 1) == 0) {
            count(stretch);
        }
    }

    void countAll() {
        count(loads.length);
    }

    /** Whoever comes while another counts goes on without. */
    private void count(int members) {
        if (isCounting.compareAndSet(false, true)) {
            int i = next;
            for (int k = 0; k < members; k++) {
                long open = loads[i].inFlight();
                sum += open - counted[i];
                counted[i] = open;
                i = i + 1 < loads.length ? i + 1 : 0;
            }
            next = i;
            total = sum;
            isCounting.set(false);
        }
    }
}
