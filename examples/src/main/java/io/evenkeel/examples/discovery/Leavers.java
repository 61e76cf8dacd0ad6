package io.evenkeel.examples.discovery;

import io.evenkeel.backend.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Those who have just left, and may be back at once: Curator registers a server anew by deleting its node and making another,
 * with each new session and often with the first. For one thread at a time.
 */
final class Leavers {
    /** A few questions to ZooKeeper; no more, for who has really left is asked for so long. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private final Map<String, Long> leftNanos = new HashMap<>();
    private List<Backend> last = List.of();

    /** What was found, and of the last such list those who are missed for less than the patience. */
    List<Backend> addTo(List<Backend> found, long now) {
        Set<String> present = found.stream().map(Backend::id).collect(Collectors.toSet());
        leftNanos.keySet().removeAll(present);
        List<Backend> all = new ArrayList<>(found);
        for (Backend before : last) {
            if (!present.contains(before.id())
                    && now - leftNanos.computeIfAbsent(before.id(), id -> now) < PATIENCE.toNanos()) {
                all.add(before);
            }
        }
        last = List.copyOf(all);
        leftNanos.keySet().retainAll(last.stream().map(Backend::id).collect(Collectors.toSet()));
        return last;
    }

    /** Whether there are any, so that somebody must look again. */
    boolean any() {
        return !leftNanos.isEmpty();
    }

    /** Nobody can be seen now, so nobody is missed. */
    void waitAnew() {
        leftNanos.clear();
    }
}
