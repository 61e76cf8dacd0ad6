package io.evenkeel.discovery;

import io.evenkeel.backend.Backend;
import io.evenkeel.pool.BackendPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The clockwork that asks sources which backends there are, and makes them the members of a pool.
 *
 * <p>All of it happens in the background; a pick never waits for it. A pool may have several sources, here or in further
 * discoveries, and members that were put in by hand: each takes away only what it has brought, and an id that is there
 * already is left to whoever brought it first. Members that stay keep health and load.
 *
 * <p>An answer that is empty, late or an error takes nobody away: the last good list stays, and is followed by another
 * question soon. A good one that lacks many members at once takes them away bit by bit, as {@link
 * DiscoveryPolicy#maxRemovedRatio} says, unless a later one names them again.
 *
 * <p>Safe for use by many threads.
 */
public final class Discovery implements AutoCloseable {
    private final Steps steps;
    private final Plan release;
    private final Membership membership;
    private final List<Feed> feeds;
    private volatile boolean frozen;
    private volatile boolean closed;

    private Discovery(BackendPool pool, List<BackendSource> sources, DiscoveryPolicy policy, Steps steps) {
        this.steps = steps;
        this.release = new Plan(steps, this::follow);
        this.membership = new Membership(pool, policy, steps, release);
        this.feeds = sources.stream()
                .map(source -> new Feed(source, pool, policy, steps, this::follow))
                .toList();
    }

    /**
     * Starts to ask. Members come with the first answers, a moment after this returns.
     *
     * @param sources whose lists together make the members; where two name the same id, the first one counts
     * @param scheduler runs the clockwork, never blocks in it, and stays the caller's
     * @param random spreads the questions; must be safe for use by many threads if others use it
     * @param nanoClock a clock such as {@link System#nanoTime}
     */
    public static Discovery start(
            BackendPool pool,
            List<BackendSource> sources,
            DiscoveryPolicy policy,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            LongSupplier nanoClock) {
        Steps steps = new Steps(scheduler, random, nanoClock, pool.faults());
        Discovery discovery = new Discovery(pool, List.copyOf(sources), policy, steps);
        discovery.refresh();
        return discovery;
    }

    /** How each source is doing, in the order in which they were given. */
    public List<SourceStatus> sources() {
        return feeds.stream().map(Feed::status).toList();
    }

    /** The age of what is known: that of the source whose last good answer is the oldest. Zero without sources. */
    public Duration age() {
        return sources().stream()
                .map(SourceStatus::age)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** How often this has changed the members of the pool so far. */
    public long revision() {
        return membership.revision();
    }

    /** The backends that a source knows and that are no members, with the reason for each. */
    public Map<Backend, String> notPooled() {
        return membership.notPooled();
    }

    /** How many members no source names any more and that stay for now, since too many have left within a minute. */
    public int held() {
        return membership.held();
    }

    /** Asks all sources now, or as soon as each may be asked again; not those that are about to answer. */
    public void refresh() {
        feeds.forEach(feed -> steps.run(feed::hasten));
    }

    /** Changes no member from now on, whatever the sources say. For the hour in which the registry is the problem. */
    public void freeze() {
        frozen = true;
    }

    /** Ends {@link #freeze}: the pool becomes what was learnt meanwhile. */
    public void thaw() {
        frozen = false;
        steps.run(this::follow);
    }

    private void follow() {
        if (!frozen && !closed) {
            membership.follow(feeds);
        }
    }

    /**
     * Ends all questions and closes the sources. The members stay, and from now on are as if they had been put in by hand. A
     * second call does nothing.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.close();
            feeds.forEach(Feed::close);
        }
    }
}
