package io.evenkeel.health;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Lets so many probes at a time run and no more; the others wait in line. */
final class ProbeGate {
    private final IntSupplier places;
    private final Executor executor;
    private final Deque<BooleanSupplier> line = new ArrayDeque<>(); // guarded by this
    private int taken; // guarded by this

    /** {@code executor} runs those that had to wait: whoever leaves has something else to do. */
    ProbeGate(IntSupplier places, Executor executor) {
        this.places = places;
        this.executor = executor;
    }

    /**
     * Runs {@code probe}, now or when a place is free. True says that it has begun and will {@link #leave} exactly once;
     * false, that it is no longer wanted and gives its place back.
     */
    void enter(BooleanSupplier probe) {
        synchronized (this) {
            if (taken >= places.getAsInt() || !line.isEmpty()) {
                line.add(probe);
                return;
            }
            taken++;
        }
        if (!probe.getAsBoolean()) {
            leave();
        }
    }

    void leave() {
        if (!giveBack()) {
            executor.execute(this::admit);
        }
    }

    /** True if nobody waits for the place. */
    private synchronized boolean giveBack() {
        taken--;
        return line.isEmpty();
    }

    /** Fills what places there are; needed after there have become more. */
    void admit() {
        for (BooleanSupplier next = next(); next != null; next = next()) {
            if (!next.getAsBoolean()) {
                boolean unused = giveBack(); // a loop: after a close the whole line is no longer wanted
            }
        }
    }

    private synchronized @Nullable BooleanSupplier next() {
        if (line.isEmpty() || taken >= places.getAsInt()) {
            return null;
        }
        taken++;
        return line.poll();
    }
}
