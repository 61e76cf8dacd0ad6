package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once of each backend that is known but no member, and why. */
final class NotPooled {
    private static final Logger LOG = LoggerFactory.getLogger(NotPooled.class);
    private static final int MOST_LINES = 10;

    private final BackendPool pool;
    private volatile Map<Backend, String> all = Map.of();

    NotPooled(BackendPool pool) {
        this.pool = pool;
    }

    Map<Backend, String> all() {
        return all;
    }

    /** These are all there are now. Called by one thread at a time. */
    void now(Map<Backend, String> outside) {
        Map<Backend, String> before = all;
        all = Map.copyOf(outside);
        List<Map.Entry<Backend, String>> news = outside.entrySet().stream()
                .filter(known -> !known.getValue().equals(before.get(known.getKey())))
                .toList();
        news.forEach(known -> pool.listeners().notPooled(pool.name(), known.getKey(), known.getValue()));
        news.stream()
                .limit(MOST_LINES)
                .forEach(known -> LOG.info(
                        "known but not pooled: backend={} ({}) pool={}",
                        known.getKey(),
                        known.getValue(),
                        pool.name()));
        if (news.size() > MOST_LINES) {
            LOG.info("known but not pooled: {} more pool={}", news.size() - MOST_LINES, pool.name());
        }
    }
}
