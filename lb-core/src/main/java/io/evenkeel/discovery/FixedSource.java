package io.evenkeel.discovery;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.Backend;
import java.util.List;

/** Knows what it was told when it was made. */
record FixedSource(List<Backend> backends) implements BackendSource {
    FixedSource {
        checkArgument(!backends.isEmpty(), "backends: none (expected: at least 1)");
    }

    @Override
    public void ask(SourceObserver observer) {
        observer.deliver(backends);
    }

    @Override
    public String name() {
        return "list";
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public boolean isTrusted() {
        return true;
    }
}
