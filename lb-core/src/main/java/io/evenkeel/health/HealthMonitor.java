package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clockwork that probes all members of a pool and tells the pool its verdicts.
 *
 * <p>A newcomer is probed at once, give or take a second, so that the members of a new pool are not all asked at the same
 * moment; it gets no picks before its first good probe. Probing goes on for as long as a member is in the pool: one that
 * recovers comes back by itself. Each verdict that changes is one log line, which ends in how many members of how many
 * are out.
 */
public final class HealthMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    private static final long FIRST_PROBE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BackendPool pool;
    private final HealthProbe probe;
    private final ProbeSchedule schedule;
    private final ScheduledExecutorService scheduler;
    private final RandomGenerator random;
    private final ProbeSockets sockets;
    private final Map<String, Watch> watches = new HashMap<>(); // guarded by this
    private long seenVersion = -1; // guarded by this
    private boolean closed; // guarded by this
    private Subscription subscription = () -> {};

    private HealthMonitor(
            BackendPool pool,
            HealthProbe probe,
            ProbeSchedule schedule,
            ScheduledExecutorService scheduler,
            RandomGenerator random) {
        this.pool = pool;
        this.probe = probe;
        this.schedule = schedule;
        this.scheduler = scheduler;
        this.random = random;
        this.sockets = new ProbeSockets(pool.name());
    }

    /**
     * Starts to probe a pool, whose members are out from now on until they pass a probe.
     *
     * @param scheduler runs the clockwork, never blocks in it, and stays the caller's: closing the monitor leaves it open
     * @param random spreads the probes
     * @throws IllegalStateException if the pool has a monitor already
     */
    public static HealthMonitor start(
            BackendPool pool,
            HealthProbe probe,
            ProbeSchedule schedule,
            ScheduledExecutorService scheduler,
            RandomGenerator random) {
        pool.beginProbing();
        HealthMonitor monitor = new HealthMonitor(pool, probe, schedule, scheduler, random);
        monitor.subscription = pool.subscribe(monitor::follow);
        return monitor;
    }

    /** When members are probed. */
    public ProbeSchedule schedule() {
        return schedule;
    }

    /** How members are probed. */
    public HealthProbe probe() {
        return probe;
    }

    /** Ends all probing; the members count as healthy from now on. A second call does nothing. */
    @Override
    public void close() {
        List<Watch> over;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            over = List.copyOf(watches.values());
            watches.clear();
        }
        over.forEach(Watch::close);
        subscription.close();
        try {
            sockets.close();
        } catch (IOException e) {
            LOG.debug("pool={} probe sockets did not close", pool.name(), e);
        }
        pool.endProbing();
    }

    /** Begins to watch who came, and leaves off watching who went. */
    private void follow(PoolSnapshot snapshot) {
        List<Watch> over = new ArrayList<>();
        synchronized (this) {
            if (closed || snapshot.version() <= seenVersion) {
                return;
            }
            seenVersion = snapshot.version();
            Map<String, Watch> before = new HashMap<>(watches);
            watches.clear();
            for (Member member : snapshot.members()) {
                Backend backend = member.backend();
                Watch known = before.remove(backend.id());
                if (known != null && !known.isOf(backend)) {
                    over.add(known);
                    known = null;
                }
                watches.put(backend.id(), known != null ? known : begin(backend));
            }
            over.addAll(before.values());
        }
        over.forEach(Watch::close);
    }

    private Watch begin(Backend backend) {
        Watch watch = new Watch(backend, this);
        long spread = Math.min(FIRST_PROBE_WITHIN_NANOS, schedule.interval().toNanos());
        watch.askAfter((long) (random.nextDouble() * spread));
        return watch;
    }

    /** Asks a backend; whatever the probe does, there is an answer to wait for. */
    CompletableFuture<ProbeResult> check(Backend backend) {
        CompletableFuture<ProbeResult> answer = new CompletableFuture<>();
        sockets.target(backend).whenComplete((target, fault) -> {
            if (fault != null) {
                answer.completeExceptionally(fault);
            } else {
                ask(target, answer);
            }
        });
        return answer;
    }

    private void ask(ProbeTarget target, CompletableFuture<ProbeResult> answer) {
        try {
            CompletableFuture<ProbeResult> question = probe.check(target).toCompletableFuture();
            question.whenComplete((result, fault) -> {
                if (fault != null) {
                    answer.completeExceptionally(fault);
                } else {
                    answer.complete(result != null ? result : ProbeResult.bad("no result"));
                }
            });
            // Whoever has stopped waiting lets the probe know, so that it frees its socket.
            answer.whenComplete((result, fault) -> question.cancel(true));
        } catch (Throwable fault) {
            pool.faults().caught("probe", fault);
            answer.completeExceptionally(fault);
        }
    }

    /** A verdict has changed. */
    void tell(Backend backend, boolean isUp, String reason) {
        boolean isMember;
        String verdict;
        if (isUp) {
            verdict = "UP (" + reason + ")";
            isMember = pool.markUp(backend.id(), reason);
        } else {
            int failures = schedule.unhealthyThreshold();
            String why = failures + (failures == 1 ? " failed probe: " : " failed probes: ") + reason;
            verdict = "DOWN (" + why + ")";
            isMember = pool.markDown(backend.id(), why);
        }
        if (isMember) {
            PoolSnapshot now = pool.snapshot();
            LOG.info(
                    "probe backend={} {} pool={} out={}/{}",
                    backend,
                    verdict,
                    pool.name(),
                    now.out(),
                    now.members().size());
        }
    }

    long intervalNanos() {
        return schedule.intervalNanos(random.nextDouble());
    }

    long timeoutNanos() {
        return schedule.timeoutNanos();
    }

    Duration timeout() {
        return Duration.ofNanos(schedule.timeoutNanos());
    }

    Executor executor() {
        return task -> {
            try {
                scheduler.execute(task);
            } catch (RejectedExecutionException e) {
                // The scheduler was shut down before the monitor: nobody waits for this verdict any more.
            }
        };
    }

    Future<?> schedule(Runnable task, long delayNanos) {
        try {
            return scheduler.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // as above
        }
    }
}
