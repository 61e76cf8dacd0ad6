package io.evenkeel;

import io.evenkeel.discovery.Discovery;
import io.evenkeel.event.Subscription;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Pick;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.PickContext;
import io.evenkeel.strategy.SelectionStrategy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a healthy backend for each request.
 *
 * <pre>{@code
 * try (LoadBalancer orders = LoadBalancer.builder("orders")
 *         .backends(Backend.of("10.0.0.1", 8080), Backend.of("10.0.0.2", 8080))
 *         .probe(HealthProbe.http("/health"))
 *         .build()) {
 *     orders.awaitReady(Duration.ofSeconds(10));
 *     try (Pick pick = orders.pick()) {
 *         call(pick.backend().address());
 *         pick.report(Outcome.SUCCESS);
 *     }
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads, virtual ones too. A pick reads one volatile field, takes no lock and allocates the
 * {@link Pick} only.
 */
public final class LoadBalancer implements AutoCloseable {
    private final BackendPool pool;
    private final @Nullable HealthMonitor monitor;
    private final @Nullable Discovery discovery;
    private final Subscription resources;
    private final Binder binder;
    private final Subscription updates;
    private volatile Bound bound;
    private volatile boolean closed; // looked at by refusals only

    LoadBalancer(
            BackendPool pool,
            SelectionStrategy strategy,
            RandomGenerator random,
            @Nullable HealthMonitor monitor,
            @Nullable Discovery discovery,
            Subscription resources) {
        this.pool = pool;
        this.monitor = monitor;
        this.discovery = discovery;
        this.resources = resources;
        this.bound = Bound.byChance(pool.snapshot());
        this.binder = new Binder(pool, strategy, random, next -> bound = next);
        this.updates = pool.follow(binder::follow);
    }

    /** A builder of a balancer with a pool of its own. */
    public static LoadBalancerBuilder builder(String name) {
        return new LoadBalancerBuilder(name, null);
    }

    /**
     * A builder of a balancer over a pool that others may use, too. Health belongs to the pool: it is probed by whoever
     * monitors it, or by this balancer if it is given a probe and nobody else does.
     */
    public static LoadBalancerBuilder over(BackendPool pool) {
        return new LoadBalancerBuilder(pool.name(), pool);
    }

    /** The pool that is chosen from; add and remove members there. */
    public BackendPool pool() {
        return pool;
    }

    /** What probes the pool for this balancer, to change its schedule or to read its log; empty without a probe of its own. */
    public Optional<HealthMonitor> monitor() {
        return Optional.ofNullable(monitor);
    }

    /** What asks this balancer's sources, to freeze it or to ask how it is doing; empty without sources. */
    public Optional<Discovery> discovery() {
        return Optional.ofNullable(discovery);
    }

    /** Chooses any member. The pick must be ended: report an outcome, or close it. */
    public Pick pick() throws NoBackendException {
        return pick(PickContext.none());
    }

    /**
     * Chooses a member for a request of which something is known.
     *
     * @throws NoBackendException if no member is selectable, or all that are were excluded, or this is closed
     */
    public Pick pick(PickContext context) throws NoBackendException {
        Bound now = bound;
        Member member = select(now, context);
        if (member != null && member.isOnTrial()) {
            member = tryOrAvoid(member, now, context);
        }
        if (member == null) {
            throw noBackend(now.snapshot(), context);
        }
        return member.pick();
    }

    private @Nullable Member select(Bound now, PickContext context) {
        try {
            return now.selector().select(context);
        } catch (Throwable fault) {
            pool.faults().caught("strategy", fault);
            return Bound.byChance(now.snapshot()).selector().select(context);
        }
    }

    /** One pick goes to a member on trial; the others go elsewhere, unless there is nobody else. */
    private Member tryOrAvoid(Member first, Bound now, PickContext context) {
        Member member = first;
        PickContext others = context;
        while (!member.takeTrial()) {
            others = others.excluding(member.backend());
            Member other = select(now, others);
            if (other == null) {
                return first;
            }
            member = other;
        }
        return member;
    }

    /**
     * Waits until a member may be chosen: with a probe, until the first one has passed.
     *
     * @return false if none had by the end of {@code timeout}, or if this is closed
     */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        return awaitReady(1, timeout);
    }

    /**
     * Waits until so many members may be chosen, so that the first does not have to carry everything alone.
     *
     * @return false if there were fewer by the end of {@code timeout}, or if this is closed
     */
    public boolean awaitReady(int members, Duration timeout) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        Subscription subscription = pool.subscribe(snapshot -> {
            if (snapshot.selectable().size() >= members) {
                ready.countDown();
            }
        });
        try (subscription) {
            return ready.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS) && !closed;
        }
    }

    /** Whether it was closed, and refuses picks. */
    public boolean isClosed() {
        return closed;
    }

    private NoBackendException noBackend(PoolSnapshot snapshot, PickContext context) {
        NoBackendException failure = new NoBackendException(snapshot, context, closed);
        pool.listeners().pickFailed(pool.name(), failure);
        return failure;
    }

    /**
     * Ends probing and frees every thread, timer and socket of this balancer. Picks that are open may still be ended; new
     * ones are refused, since it is not told any more who is well. The pool goes on as if it had never been probed. A second
     * call does nothing.
     */
    @Override
    public void close() {
        updates.close();
        binder.close();
        closed = true;
        bound = Bound.toNobody(bound.snapshot());
        resources.close();
    }
}
