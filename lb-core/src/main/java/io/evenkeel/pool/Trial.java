package io.evenkeel.pool;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets one pick through to a member that comes back from ejection; the others go elsewhere until it has ended. */
final class Trial {
    private final AtomicBoolean taken = new AtomicBoolean();

    /** True for the one who may try. */
    boolean take() {
        return !taken.get() && taken.compareAndSet(false, true);
    }

    /** The trial said nothing about the backend: somebody else may try. */
    void giveBack() {
        taken.set(false);
    }
}
