package io.evenkeel.health;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Lets so many probes at a time run and no more; the others wait in line. */
final class ProbeGate {
    private final IntSupplier places;
    private final Deque<Runnable> line = new ArrayDeque<>(); // guarded by this
    private int taken; // guarded by this

    ProbeGate(IntSupplier places) {
        this.places = places;
    }

    /** Runs {@code probe}, now or when a place is free. It must {@link #leave} exactly once. */
    void enter(Runnable probe) {
        synchronized (this) {
            if (taken >= places.getAsInt()) {
                line.add(probe);
                return;
            }
            taken++;
        }
        probe.run();
    }

    void leave() {
        synchronized (this) {
            taken--;
        }
        admit();
    }

    /** Fills what places there are; needed after there have become more. */
    void admit() {
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (line.isEmpty() || taken >= places.getAsInt()) {
            return null;
        }
        taken++;
        return line.poll();
    }
}
