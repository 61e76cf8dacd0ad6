package io.evenkeel.strategy;

import io.evenkeel.pool.Member;

/** What is usual among the members of one balancer, so that no limit has to be set in milliseconds. */
final class Fleet {
    /** Less than this may be the machine's own scheduling, and no sign of anything. */
    private static final double NOISE_NANOS = 1e6;

    private static final long LOOK_NANOS = 1_000_000;

    private final Quantile median = new Quantile(0.5);
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

    /** More than this no answer counts for: so a pause is not remembered for longer than it was. */
    double slowest() {
        return 10 * median.value();
    }

    /** The latency that a member counts as having that fails again and again. */
    double failing(int inARow) {
        return slowest() * Math.min(10, inARow - 1);
    }

    /** At four of five members that are looked at, no request waits for longer; at least the median. */
    double usualAge() {
        return Math.max(Math.max(oldest.value(), median.value()), NOISE_NANOS);
    }

    /** Tells the latency of a good answer. */
    void answered(double latency) {
        median.add(latency);
    }

    /** Tells how long the oldest request has waited at a member that was looked at. */
    void waits(double oldestAge) {
        if (oldestAge > 0) {
            oldest.add(oldestAge);
        }
    }

    /** Whether nobody has looked closely for a millisecond; who asks is to do so. */
    boolean isDue(long now) {
        long since = now - looked;
        if (since >= 0 && since < LOOK_NANOS) {
            return false;
        }
        looked = now;
        return true;
    }

    /** What is known of a member; {@code place} is for one without a meter. */
    Experience experienceWith(Member member, long place) {
        // Without its meters a strategy has only what is in flight to go by.
        return member.meter() instanceof Experience own ? own : new Experience(this, member.load(), place);
    }
}
