package io.evenkeel.benchmarks.simulation;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time. What is due next happens next, and of what is due at the same time, what was planned first. For one thread;
 * nothing is allocated once the heap has grown to its size.
 */
final class Timeline {
    /** Something that happens at its time. An event that may be outdated by then knows it by its tag. */
    @FunctionalInterface
    interface Event {
        void happen(int tag);
    }

    /** Not zero: a pick that began at zero counts as one whose beginning nobody measured. */
    static final long START = Duration.ofHours(1).toNanos();

    private long now = START;
    private long sequence;
    private int size;
    private long[] due = new long[1024];
    private long[] order = new long[1024];
    private int[] tags = new int[1024];
    private @Nullable Event[] events = new Event[1024];

    /** Nanoseconds since some moment, as {@link System#nanoTime}. */
    long now() {
        return now;
    }

    void in(long delayNanos, Event event, int tag) {
        at(now + Math.max(0, delayNanos), event, tag);
    }

    void at(long dueNanos, Event event, int tag) {
        if (size == due.length) {
            grow();
        }
        long mine = sequence++;
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (isBefore(parent, dueNanos, mine)) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, dueNanos, mine, tag, event);
    }

    /** Lets happen what is due until then, and what that brings about. */
    void runUntil(long endNanos) {
        while (size > 0 && due[0] <= endNanos) {
            now = Math.max(now, due[0]);
            Event event = events[0];
            int tag = tags[0];
            removeFirst();
            event.happen(tag);
        }
        now = endNanos;
    }

    private void removeFirst() {
        int last = --size;
        long lastDue = due[last];
        long lastOrder = order[last];
        int hole = 0;
        for (int child = 1; child < last; child = 2 * hole + 1) {
            if (child + 1 < last && isBefore(child + 1, due[child], order[child])) {
                child++;
            }
            if (!isBefore(child, lastDue, lastOrder)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        put(hole, lastDue, lastOrder, tags[last], events[last]);
        events[last] = null;
    }

    private boolean isBefore(int slot, long dueNanos, long number) {
        return due[slot] < dueNanos || (due[slot] == dueNanos && order[slot] < number);
    }

    private void move(int from, int to) {
        put(to, due[from], order[from], tags[from], events[from]);
    }

    private void put(int slot, long dueNanos, long number, int tag, @Nullable Event event) {
        due[slot] = dueNanos;
        order[slot] = number;
        tags[slot] = tag;
        events[slot] = event;
    }

    private void grow() {
        int more = 2 * size;
        due = Arrays.copyOf(due, more);
        order = Arrays.copyOf(order, more);
        tags = Arrays.copyOf(tags, more);
        events = Arrays.copyOf(events, more);
    }
}
