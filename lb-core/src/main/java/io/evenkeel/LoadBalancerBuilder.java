package io.evenkeel;

import static com.google.common.base.Preconditions.checkState;

import io.evenkeel.backend.Backend;
import io.evenkeel.discovery.BackendSource;
import io.evenkeel.discovery.Discovery;
import io.evenkeel.discovery.DiscoveryPolicy;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import io.evenkeel.health.HealthMonitor;
import io.evenkeel.health.HealthProbe;
import io.evenkeel.health.ProbeSchedule;
import io.evenkeel.outlier.OutlierDetector;
import io.evenkeel.outlier.OutlierPolicy;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.BackendPoolBuilder;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link LoadBalancer} together. For use by one thread; may build once.
 *
 * <p>How the pool treats its members (slow start, panic, zones, what to do when nobody is well) is set on {@link
 * BackendPool#builder}, and {@link LoadBalancer#over} takes that pool.
 */
public final class LoadBalancerBuilder {
    private final String name;
    private final @Nullable BackendPool given;
    private final List<Backend> backends = new ArrayList<>();
    private final List<LoadBalancerListener> listeners = new ArrayList<>();
    private final List<BackendSource> sources = new ArrayList<>();
    private DiscoveryPolicy discovery = DiscoveryPolicy.defaults();
    private SelectionStrategy strategy = SelectionStrategy.roundRobin();
    private @Nullable HealthProbe probe;
    private @Nullable OutlierPolicy outliers;
    private ProbeSchedule schedule = ProbeSchedule.defaults();
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable LongSupplier nanoClock;
    private @Nullable RandomGenerator random;
    private boolean isBuilt;

    LoadBalancerBuilder(String name, @Nullable BackendPool given) {
        this.name = name;
        this.given = given;
    }

    /** Adds backends; none at all is legal, and more may come and go later. */
    public LoadBalancerBuilder backends(Backend... backends) {
        return backends(List.of(backends));
    }

    /** Adds backends; none at all is legal, and more may come and go later. */
    public LoadBalancerBuilder backends(Collection<Backend> backends) {
        checkState(given == null, "backends: (expected: none, for pool \"%s\" was given; add them there)", name);
        this.backends.addAll(backends);
        return this;
    }

    /**
     * Finds the members by these sources; together with {@link #backends}, which stay whatever a source says. The first
     * answers come a moment after the balancer is built: see {@link LoadBalancer#awaitReady(java.time.Duration)}.
     */
    public LoadBalancerBuilder sources(BackendSource... sources) {
        this.sources.addAll(List.of(sources));
        return this;
    }

    /** When sources are asked, and what of their answers counts: every 30 s and all of it by default. */
    public LoadBalancerBuilder discovery(DiscoveryPolicy policy) {
        this.discovery = policy;
        return this;
    }

    /** How a member is chosen: round robin with a random start by default. The instance must not serve another. */
    public LoadBalancerBuilder strategy(SelectionStrategy strategy) {
        this.strategy = strategy;
        return this;
    }

    /** Probes the members, which get no picks until they pass. Without a probe, every member counts as healthy. */
    public LoadBalancerBuilder probe(HealthProbe probe) {
        this.probe = probe;
        return this;
    }

    /** When members are probed: every 15 s, out after 2 failures by default. */
    public LoadBalancerBuilder schedule(ProbeSchedule schedule) {
        this.schedule = schedule;
        return this;
    }

    /** Ejects members for what their traffic has shown. Without a policy, only probes and operators take members out. */
    public LoadBalancerBuilder outliers(OutlierPolicy outliers) {
        this.outliers = outliers;
        return this;
    }

    /** Adds a listener. It hears all of the pool, other balancers over the same pool included. */
    public LoadBalancerBuilder listener(LoadBalancerListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Runs the clockwork of pool and probes; stays the caller's. By default one daemon thread, ended by close. */
    public LoadBalancerBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
        return this;
    }

    /** Measures durations; {@link System#nanoTime} by default. A pool that was given keeps the clock it has. */
    public LoadBalancerBuilder nanoClock(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        return this;
    }

    /** Spreads probes, questions to sources, and second attempts. {@link Random} by default; must be safe for use by many threads. */
    public LoadBalancerBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /** Builds the balancer and starts its probes. A second call is refused: two balancers would share a clockwork. */
    public LoadBalancer build() {
        checkState(!isBuilt, "build: \"%s\" was built already (expected: a builder for each balancer)", name);
        isBuilt = true;
        List<Subscription> resources = new ArrayList<>();
        Subscription all = () -> resources.forEach(Subscription::close);
        try {
            BackendPool pool = given != null ? given : ownPool(resources);
            listeners.forEach(listener -> resources.add(pool.listen(listener)));
            RandomGenerator chance = random != null ? random : new Random();
            LongSupplier clock = nanoClock != null ? nanoClock : System::nanoTime;
            if (outliers != null) {
                resources.add(0, OutlierDetector.start(pool, outliers, executor(resources), chance)::close);
            }
            HealthMonitor monitor = null;
            if (probe != null) {
                monitor = HealthMonitor.start(pool, probe, schedule, executor(resources), chance, clock);
                resources.add(0, monitor::close);
            }
            Discovery finding = null;
            if (!sources.isEmpty()) {
                finding = Discovery.start(pool, sources, discovery, executor(resources), chance, clock);
                resources.add(0, finding::close);
            }
            return new LoadBalancer(pool, strategy, chance, monitor, finding, all);
        } catch (RuntimeException | Error e) {
            all.close(); // nothing half-built: a pool that was given may have had a monitor already
            throw e;
        }
    }

    private BackendPool ownPool(List<Subscription> resources) {
        BackendPoolBuilder pool = BackendPool.builder(name).backends(backends).scheduler(executor(resources));
        if (nanoClock != null) {
            pool.nanoClock(nanoClock);
        }
        BackendPool own = pool.build();
        resources.add(own::close);
        return own;
    }

    /** The scheduler that was given, or one thread for pool and probes that is there from the first task on. */
    private ScheduledExecutorService executor(List<Subscription> resources) {
        if (scheduler == null) {
            ScheduledThreadPoolExecutor own = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "evenkeel-" + name);
                thread.setDaemon(true);
                return thread;
            });
            own.setRemoveOnCancelPolicy(true);
            resources.add(own::shutdownNow);
            scheduler = own;
        }
        return scheduler;
    }
}
