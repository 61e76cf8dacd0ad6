package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Passes on a part of what another source knows. */
record SubsetSource(BackendSource source, Supplier<Subset> subset) implements BackendSource {

    /** Stands between the source and its observer. */
    private record Narrowing(SourceObserver observer, Supplier<Subset> subset) implements SourceObserver {

        @Override
        public void deliver(Collection<Backend> backends) {
            narrow(backends, observer::deliver);
        }

        @Override
        public void deliver(Collection<Backend> backends, Duration askAgainIn) {
            narrow(backends, part -> observer.deliver(part, askAgainIn));
        }

        private void narrow(Collection<Backend> backends, Consumer<List<Backend>> next) {
            List<Backend> part;
            try {
                part = subset.get().of(backends);
            } catch (RuntimeException e) { // the caller's supplier; or null, or a list in the midst of a change
                observer.failed("no subset: " + e);
                return;
            }
            next.accept(part);
        }

        @Override
        public void failed(String reason) {
            observer.failed(reason);
        }
    }

    @Override
    public void ask(SourceObserver observer) throws Exception {
        source.ask(new Narrowing(observer, subset));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean mayBlock() {
        return source.mayBlock();
    }

    @Override
    public boolean isTrusted() {
        return source.isTrusted();
    }

    @Override
    public Duration leastPause() {
        return source.leastPause();
    }

    @Override
    public void close() {
        source.close();
    }
}
