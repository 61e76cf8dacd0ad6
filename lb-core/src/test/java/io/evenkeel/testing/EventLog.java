package io.evenkeel.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that turns events into lines. */
public final class EventLog implements LoadBalancerListener {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** The lines so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Compares all lines since the last call, and forgets them. */
    public void assertEvents(String... expected) {
        List<String> seen = lines();
        lines.clear();
        assertEquals(List.of(expected), seen);
    }

    @Override
    public void memberAdded(String pool, Backend backend) {
        lines.add("added " + backend);
    }

    @Override
    public void memberRemoved(String pool, Backend backend) {
        lines.add("removed " + backend);
    }

    @Override
    public void stateChanged(String pool, Backend backend, BackendState from, BackendState to, String reason) {
        lines.add(backend + " " + from + " -> " + to + " (" + reason + ")");
    }

    @Override
    public void staleChanged(String pool, String source, boolean isStale, String reason) {
        lines.add(source + (isStale ? " is stale (" : " is fresh (") + reason + ")");
    }

    @Override
    public void removalsHeld(String pool, int held) {
        lines.add("held " + held);
    }

    @Override
    public void notPooled(String pool, Backend backend, String reason) {
        lines.add("not pooled " + backend + " (" + reason + ")");
    }

    @Override
    public void picked(String pool, Backend backend) {
        lines.add("picked " + backend);
    }

    @Override
    public void completed(String pool, Backend backend, Outcome outcome, long elapsedNanos) {
        lines.add("completed " + backend + " " + outcome);
    }

    @Override
    public void leaked(String pool, Backend backend, String what, long elapsedNanos) {
        lines.add("leaked " + backend + " " + what + " after " + Duration.ofNanos(elapsedNanos));
    }

    @Override
    public void pickFailed(String pool, Exception cause) {
        lines.add("pick failed");
    }
}
