package io.evenkeel.pool;

/** Since when a pool has had somebody to choose, without panic: slow start needs others who carry the rest. */
final class Serving {
    private static final long NOBODY = Long.MIN_VALUE;

    private final SlowStart slowStart;
    private long sinceNanos = NOBODY;

    Serving(SlowStart slowStart) {
        this.slowStart = slowStart;
    }

    void note(Selection.Choice choice, long nowNanos) {
        boolean isServing = choice.selectable().members().length > 0 && !choice.isPanic();
        if (!isServing) {
            sinceNanos = NOBODY;
        } else if (sinceNanos == NOBODY) {
            sinceNanos = nowNanos;
        }
    }

    /** Now, for a member that comes into a pool that has been serving for a window; else no slow start. */
    long rampStart(long nowNanos) {
        boolean isNew = sinceNanos == NOBODY || nowNanos - sinceNanos < slowStart.windowNanos();
        return slowStart.isOff() || isNew ? Standing.FULL : nowNanos;
    }
}
