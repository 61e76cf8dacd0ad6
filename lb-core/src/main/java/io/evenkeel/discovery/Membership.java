package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a pool what the sources say, as far as it is theirs: members that somebody else has put in stay as they are. Only
 * called within steps, but for what is said to be safe.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final BackendPool pool;
    private final DiscoveryPolicy policy;
    private final Steps steps;
    private final RemovalLimit limit;
    private final Plan release;
    private final NotPooled notPooled;
    private final Map<String, Backend> put = new HashMap<>(); // as we did; who is another by now is not ours
    private volatile int held;
    private final LongAdder revision = new LongAdder();

    /** {@code release} wakes for the removals that had to wait. */
    Membership(BackendPool pool, DiscoveryPolicy policy, Steps steps, Plan release) {
        this.pool = pool;
        this.policy = policy;
        this.steps = steps;
        this.release = release;
        this.limit = new RemovalLimit(policy.maxRemovedRatio());
        this.notPooled = new NotPooled(pool);
    }

    /** How many members would leave if they could. Safe for use by many threads. */
    int held() {
        return held;
    }

    /** How often members were changed. Safe for use by many threads. */
    long revision() {
        return revision.sum();
    }

    /** Safe for use by many threads. */
    Map<Backend, String> notPooled() {
        return notPooled.all();
    }

    /** Looks at all there is to know, so that nothing depends on what was missed before. */
    void follow(List<Feed> feeds) {
        Map<String, Member> present = pool.snapshot().members().stream()
                .collect(Collectors.toMap(m -> m.backend().id(), Function.identity(), (a, b) -> a, LinkedHashMap::new));
        Map<Backend, String> outside = new LinkedHashMap<>();
        Map<String, Backend> wanted = new LinkedHashMap<>();
        feeds.forEach(feed -> collect(feed, present, wanted, outside));
        put.keySet().retainAll(present.keySet()); // somebody else has removed them
        present.values().stream()
                .map(Member::backend)
                .filter(b -> !isOurs(b) && wanted.containsKey(b.id()))
                .forEach(b -> outside.put(wanted.remove(b.id()), "the pool has that id from elsewhere"));

        List<Backend> leaving = leaving(present, wanted);
        List<Backend> changing =
                wanted.values().stream().filter(b -> !b.equals(put.get(b.id()))).toList();
        long now = steps.now();
        int allowed = leaving.size() == 1 && held == 0 ? 1 : limit.allowed(put.size(), now);
        List<Backend> gone = leaving.subList(0, Math.min(allowed, leaving.size()));
        if (!gone.isEmpty() || !changing.isEmpty()) {
            exchange(changing, gone);
            limit.note(gone.size(), now);
        }
        hold(leaving.size() - gone.size(), now);
        notPooled.now(outside);
    }

    private boolean isOurs(Backend backend) {
        return backend.equals(put.get(backend.id()));
    }

    private void collect(
            Feed feed, Map<String, Member> present, Map<String, Backend> wanted, Map<Backend, String> outside) {
        outside.putAll(feed.refused());
        for (Backend backend : kept(feed, present)) {
            Backend first = wanted.putIfAbsent(backend.id(), backend);
            if (first != null && !first.equals(backend)) {
                outside.put(backend, "its id is in another source");
            }
        }
    }

    private List<Backend> kept(Feed feed, Map<String, Member> present) {
        if (!feed.isStale() || policy.whenStale() == WhenStale.KEEP_ALL) {
            return feed.backends();
        }
        List<Backend> well = feed.backends().stream()
                .filter(b -> present.containsKey(b.id()) && isWell(present.get(b.id())))
                .toList();
        return well.isEmpty() ? feed.backends() : well;
    }

    private static boolean isWell(Member member) {
        return member.state() != BackendState.DOWN && member.state() != BackendState.UNPROBED;
    }

    /** Those of ours that no source names any more; those first that would be missed least. */
    private List<Backend> leaving(Map<String, Member> present, Map<String, Backend> wanted) {
        List<Member> leaving = new ArrayList<>(present.values().stream()
                .filter(m ->
                        isOurs(m.backend()) && !wanted.containsKey(m.backend().id()))
                .toList());
        leaving.sort(Comparator.comparing(m -> m.state() == BackendState.UP));
        return leaving.stream().map(Member::backend).toList();
    }

    private void exchange(List<Backend> changing, List<Backend> gone) {
        Set<String> ids = gone.stream().map(Backend::id).collect(Collectors.toSet());
        pool.update(changing, ids);
        put.keySet().removeAll(ids);
        changing.forEach(b -> put.put(b.id(), b));
        revision.increment();
    }

    private void hold(int waiting, long now) {
        if (waiting != held) {
            held = waiting;
            if (waiting > 0) {
                LOG.warn("discovery may not remove more in this minute: {} members stay pool={}", waiting, pool.name());
            }
            pool.listeners().removalsHeld(pool.name(), waiting);
        }
        if (waiting > 0) {
            release.in(limit.waitNanos(now));
        } else {
            release.cancel();
        }
    }
}
