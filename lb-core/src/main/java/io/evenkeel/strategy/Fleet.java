package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.List;

/** What is usual among the members of one balancer, so that no limit has to be set in milliseconds. */
final class Fleet {
    /** Less than this may be the machine's own scheduling, and no sign of anything. */
    private static final double NOISE_NANOS = 1e6;

    private static final long LOOK_NANOS = 1_000_000;

    private final Quantile median = new Quantile(0.5);
    private final Quantile high = new Quantile(0.99);
    private final Quantile oldest = new Quantile(0.8);
    private final RecentTime time = new RecentTime();
    private volatile long looked;

    RecentTime time() {
        return time;
    }

    /** Half of the good answers are quicker than this; 0 if there was none. */
    double median() {
        return median.value();
    }

    /** One in a hundred good answers takes longer. */
    double high() {
        return high.value();
    }

    /** The latency that a member counts as having that fails again and again. */
    double failing(int inARow) {
        return Math.max(10 * median.value() * Math.min(10, Math.max(1, inARow - 1)), high.value());
    }

    /** In four of five picks, no request at the member that is chosen waits for longer; at least the median. */
    double usualAge() {
        return Math.max(Math.max(oldest.value(), median.value()), NOISE_NANOS);
    }

    /** A member that is silent for so long with a request waiting as long has stalled. */
    double stall() {
        return Math.max(Math.max(5 * median.value(), 2 * high.value()), NOISE_NANOS);
    }

    void answered(double latency) {
        median.add(latency);
        high.add(latency);
    }

    /** Tells how long the oldest request has waited at a member that was chosen. */
    void waits(double oldestAge) {
        if (oldestAge > 0) {
            oldest.add(oldestAge);
        }
    }

    /** Whether nobody has looked closely for a millisecond; who asks is to do so. */
    boolean isDue(long now) {
        if (now - looked < LOOK_NANOS) {
            return false;
        }
        looked = now;
        return true;
    }

    /** What is known of each member, in their order. */
    Experience[] experiences(List<Member> members) {
        Experience[] known = new Experience[members.size()];
        for (int i = 0; i < known.length; i++) {
            Member member = members.get(i);
            // Without its meters a strategy has only what is in flight to go by.
            known[i] = member.meter() instanceof Experience own ? own : new Experience(this, member.load(), i);
        }
        return known;
    }
}
