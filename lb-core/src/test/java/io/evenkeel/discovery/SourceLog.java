package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a source has answered so far. */
final class SourceLog implements SourceObserver {
    private final List<List<Backend>> lists = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    List<List<Backend>> lists() {
        return lists;
    }

    List<Duration> pauses() {
        return pauses;
    }

    List<String> failures() {
        return failures;
    }

    /** The list that came last. */
    List<Backend> latest() {
        return lists.get(lists.size() - 1);
    }

    int answers() {
        return lists.size() + failures.size();
    }

    @Override
    public void deliver(Collection<Backend> backends) {
        lists.add(List.copyOf(backends));
    }

    @Override
    public void deliver(Collection<Backend> backends, Duration askAgainIn) {
        pauses.add(askAgainIn);
        deliver(backends);
    }

    @Override
    public void failed(String reason) {
        failures.add(reason);
    }
}
