package io.evenkeel.strategy;

/**
 * The time of the last pick or answer, within 65 µs: for comparing members, which decay alike, that is as good as the
 * present one, and a clock costs more than the rest of the choice.
 */
final class RecentTime {
    private static final long STALE_NANOS = 1 << 16;

    private static final long UNKNOWN = 0;

    private volatile long now = UNKNOWN;

    long now() {
        return now;
    }

    /** Written seldom, so that the line stays in every core's cache. */
    void saw(long time) {
        if (time - now > STALE_NANOS || now == UNKNOWN) {
            now = time;
        }
    }
}
