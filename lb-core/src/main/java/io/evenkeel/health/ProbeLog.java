package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The last things that happened in one monitor: each probe and each change of a verdict, with its cause. Read it by
 * {@link HealthMonitor#log}.
 *
 * <p>Keeps the last 256 probes and, apart from these, the last 256 changes: the probes of a large pool would otherwise
 * push out within seconds what somebody looks for after a bad night.
 */
public final class ProbeLog {
    private static final int CAPACITY = 256;

    /** What happened. */
    public enum Event {
        /** A probe was good. */
        GOOD,
        /** A probe failed. */
        BAD,
        /** A probe was not counted: the process itself stood still while it ran, or had no socket left to ask from. */
        DISCARDED,
        /** Live traffic took the place of a probe. */
        SPARED,
        /** The member gets picks from now on. */
        UP,
        /** The member gets no picks from now on. */
        DOWN
    }

    /**
     * One line of the log. Immutable.
     *
     * @param number counts from 0 without gaps, so that a reader sees what it has missed
     * @param at when it happened, as the time since the monitor started
     * @param backend whom it is about
     * @param event what happened
     * @param reason why, in a few words
     * @param took how long the probe took, or zero where there was none
     */
    public record Entry(long number, Duration at, Backend backend, Event event, String reason, Duration took) {}

    private final Deque<Entry> probes = new ArrayDeque<>(); // guarded by this
    private final Deque<Entry> changes = new ArrayDeque<>(); // guarded by this
    private final long startNanos;
    private long next; // guarded by this

    ProbeLog(long startNanos) {
        this.startNanos = startNanos;
    }

    synchronized void add(long nowNanos, Backend backend, Event event, String reason, long tookNanos) {
        Deque<Entry> kept = event == Event.UP || event == Event.DOWN ? changes : probes;
        if (kept.size() == CAPACITY) {
            kept.removeFirst();
        }
        Duration at = Duration.ofNanos(nowNanos - startNanos);
        kept.addLast(new Entry(next++, at, backend, event, reason, Duration.ofNanos(tookNanos)));
    }

    /** Oldest first. */
    synchronized List<Entry> entries() {
        List<Entry> all = new ArrayList<>(probes);
        all.addAll(changes);
        all.sort(Comparator.comparingLong(Entry::number));
        return List.copyOf(all);
    }
}
