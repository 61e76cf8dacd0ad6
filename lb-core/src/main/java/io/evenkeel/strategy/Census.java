package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * How many picks are open at all members together, without a count at each pick or a counter that all threads share: a
 * pick in 16, by chance, counts a stretch of 16 members anew. So every member is counted once in as many picks as there
 * are members, and the total is behind by what has begun or ended meanwhile: half a pick for each member.
 */
final class Census {
    private static final int STRETCH = 16;

    private final LoadStats[] loads;
    private final int stretch;
    private final int seldom;
    private final RandomGenerator random;
    private final AtomicBoolean isCounting = new AtomicBoolean();
    private final long[] counted; // by whoever has set isCounting
    private int next; // by whoever has set isCounting
    private long sum; // by whoever has set isCounting
    private volatile long total;

    Census(Member[] members, RandomGenerator random) {
        this.loads = Arrays.stream(members).map(Member::load).toArray(LoadStats[]::new);
        this.counted = new long[loads.length];
        this.stretch = Math.min(STRETCH, members.length);
        this.seldom = Math.max(1, Integer.highestOneBit(stretch)) - 1;
        this.random = random;
        countAll();
    }

    /** Open picks at all members. */
    long total() {
        return total;
    }

    void sometimesCount() {
        if ((random.nextInt() & seldom) == 0) {
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
