package io.evenkeel.discovery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How many members may be taken away at a moment: in any minute a part of those there were, but at least one. */
final class RemovalLimit {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A third of twelve is four, whatever a double makes of a third. */
    private static final double ROUNDING = 1e-6;

    /** So many went at that time. */
    private record Removal(long atNanos, int count) {}

    private final double maxRatio;
    private final Deque<Removal> lately = new ArrayDeque<>();
    private int count; // of those that went lately

    RemovalLimit(double maxRatio) {
        this.maxRatio = maxRatio;
    }

    /** Of so many members there are now. */
    int allowed(int members, long nowNanos) {
        forget(nowNanos);
        int most = (int) ((members + count) * maxRatio + ROUNDING);
        return Math.max(0, Math.max(1, most) - count);
    }

    void note(int removed, long nowNanos) {
        if (removed > 0) {
            lately.addLast(new Removal(nowNanos, removed));
            count += removed;
        }
    }

    /** How long until more may go. */
    long waitNanos(long nowNanos) {
        forget(nowNanos);
        Removal oldest = lately.peekFirst();
        return oldest == null ? 0 : oldest.atNanos() + MINUTE_NANOS - nowNanos;
    }

    private void forget(long nowNanos) {
        for (Removal oldest = lately.peekFirst();
                oldest != null && nowNanos - oldest.atNanos() >= MINUTE_NANOS;
                oldest = lately.peekFirst()) {
            lately.removeFirst();
            count -= oldest.count();
        }
    }
}
