package io.evenkeel.availability;

import io.evenkeel.backend.Backend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/** An action that is done when the test says so, and fails where the test wants it to; for one thread. */
final class Works implements RollingMaintenance.Action {
    private final List<Runnable> begun = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();

    /** Where the maintenance is to have it done: nothing happens before {@link #finish}. */
    Executor workers() {
        return begun::add;
    }

    void failFor(String id) {
        failing.add(id);
    }

    void succeedFor(String id) {
        failing.remove(id);
    }

    void succeedForAll() {
        failing.clear();
    }

    /** How many actions have begun and not ended. */
    int open() {
        return begun.size();
    }

    /** Ends all that have begun. */
    void finish() {
        List<Runnable> all = List.copyOf(begun);
        begun.clear();
        all.forEach(Runnable::run);
    }

    /** For whom it was done, in order, failures included. */
    List<String> done() {
        return done;
    }

    @Override
    public void perform(Backend backend) throws IOException {
        done.add(backend.id());
        if (failing.contains(backend.id())) {
            throw new IOException("on purpose");
        }
    }
}
