package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Puts a {@link BackendPool} together. For use by one thread. */
public final class BackendPoolBuilder {
    final String name;
    final List<Backend> backends = new ArrayList<>();
    int panicThreshold;
    WhenNoneHealthy whenNoneHealthy = WhenNoneHealthy.FAIL_FAST;
    SlowStart slowStart = SlowStart.off();
    Locality locality = Locality.none();
    boolean isOptimistic;
    LongSupplier nanoClock = System::nanoTime;

    @Nullable
    ScheduledExecutorService scheduler;

    @Nullable
    Executor listenerExecutor;

    BackendPoolBuilder(String name) {
        checkArgument(!name.isBlank(), "name: \"%s\" (expected: a name)", name);
        checkArgument(name.chars().noneMatch(Character::isISOControl), "name: (expected: no control characters)");
        this.name = name;
    }

    /** Adds backends; none at all is legal. */
    public BackendPoolBuilder backends(Collection<Backend> backends) {
        this.backends.addAll(backends);
        return this;
    }

    /**
     * Below this share of members in good health, all are chosen from, except those an operator has taken out and those
     * that never passed a probe: rather a few failures everywhere than all of the load on the few that are left.
     *
     * @param percent 0 to 100; 0, the default, is never, as with Azure. Envoy's default is 50
     */
    public BackendPoolBuilder panicThreshold(int percent) {
        this.panicThreshold = percent;
        return this;
    }

    /** What happens without any healthy member: {@link WhenNoneHealthy#FAIL_FAST} by default. */
    public BackendPoolBuilder whenNoneHealthy(WhenNoneHealthy whenNoneHealthy) {
        this.whenNoneHealthy = whenNoneHealthy;
        return this;
    }

    /** How a newcomer reaches its full share: at once by default. */
    public BackendPoolBuilder slowStart(SlowStart slowStart) {
        this.slowStart = slowStart;
        return this;
    }

    /** Which zone is preferred: none by default. */
    public BackendPoolBuilder locality(Locality locality) {
        this.locality = locality;
        return this;
    }

    /**
     * Members count as healthy until a probe says otherwise, so that traffic flows from the first moment. By default they
     * get nothing before their first good probe.
     */
    public BackendPoolBuilder optimistic() {
        this.isOptimistic = true;
        return this;
    }

    /** Measures durations; {@link System#nanoTime} by default. */
    public BackendPoolBuilder nanoClock(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        return this;
    }

    /** Ends ejections, drains and slow starts; stays the caller's. By default a daemon thread, while there is need. */
    public BackendPoolBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
        return this;
    }

    /**
     * Tells listeners of membership and health, one thing after the other; stays the caller's. By default a daemon thread,
     * while there is need, so that a listener that blocks holds up nobody but other listeners.
     */
    public BackendPoolBuilder listenerExecutor(Executor listenerExecutor) {
        this.listenerExecutor = listenerExecutor;
        return this;
    }

    /** Builds the pool. */
    public BackendPool build() {
        return new BackendPool(this);
    }
}
