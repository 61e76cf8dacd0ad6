package io.evenkeel.outlier;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.backend.BackendState;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the traffic of a pool and ejects members by a policy. Picks that succeed cost it nothing; one that fails costs a
 * comparison on the thread that reports it.
 */
public final class OutlierDetector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutlierDetector.class);

    private final BackendPool pool;
    private final OutlierPolicy policy;
    private final RandomGenerator random;
    private final Map<LoadStats, History> histories = new HashMap<>(); // guarded by this
    private final Subscription judging;
    private final Future<?> sweeping;

    /** What is remembered of a member from one interval to the next. */
    private static final class History {
        private int timesInARow;
        private long successes;
        private long failures;
    }

    private OutlierDetector(
            BackendPool pool, OutlierPolicy policy, ScheduledExecutorService scheduler, RandomGenerator random) {
        this.pool = pool;
        this.policy = policy;
        this.random = random;
        long interval = NANOSECONDS.convert(policy.rates().interval());
        this.sweeping = scheduler.scheduleWithFixedDelay(this::sweep, interval, interval, TimeUnit.NANOSECONDS);
        this.judging = pool.judgeFailures(this::judge);
    }

    /**
     * Starts to watch a pool.
     *
     * @param scheduler runs the comparison of members; stays the caller's
     * @param random spreads the ends of ejections; must be safe for use by many threads
     */
    public static OutlierDetector start(
            BackendPool pool, OutlierPolicy policy, ScheduledExecutorService scheduler, RandomGenerator random) {
        return new OutlierDetector(pool, policy, scheduler, random);
    }

    /** What takes a member out. */
    public OutlierPolicy policy() {
        return policy;
    }

    /** Ends watching; who is out comes back at the time that was set. A second call does nothing. */
    @Override
    public void close() {
        judging.close();
        sweeping.cancel(false);
    }

    /** A pick has gone wrong. */
    private void judge(Member member) {
        long failures = member.load().failuresInARow();
        long unanswered = member.load().unansweredInARow();
        if (member.isOnTrial()) {
            eject(member, "the trial failed");
        } else if (policy.consecutiveUnanswered() > 0 && unanswered >= policy.consecutiveUnanswered()) {
            eject(member, unanswered + " in a row without an answer");
        } else if (policy.consecutiveFailures() > 0 && failures >= policy.consecutiveFailures()) {
            eject(member, failures + " failures in a row");
        }
    }

    private void sweep() {
        try {
            Sweep.of(measure(), policy.rates()).forEach(finding -> eject(finding.member(), finding.reason()));
        } catch (Throwable fault) {
            pool.faults().caught("outlier detection", fault); // or the scheduler would never call again
        }
    }

    /** What each member did since the last time; forgets those that have left. */
    private synchronized List<Sweep.Tally> measure() {
        Map<LoadStats, History> before = new HashMap<>(histories);
        histories.clear();
        List<Sweep.Tally> tallies = new ArrayList<>();
        for (Member member : pool.snapshot().members()) {
            LoadStats load = member.load();
            History history = before.getOrDefault(load, new History());
            histories.put(load, history);
            long successes = load.successes();
            long failures = load.failures() + load.timeouts();
            if (member.state() == BackendState.UP) {
                tallies.add(new Sweep.Tally(member, successes - history.successes, failures - history.failures));
            }
            if (member.state() != BackendState.EJECTED && !member.isOnTrial()) {
                history.timesInARow = Math.max(0, history.timesInARow - 1);
            }
            history.successes = successes;
            history.failures = failures;
        }
        return tallies;
    }

    private void eject(Member member, String reason) {
        if (policy.isDryRun()) {
            LOG.info("dry run: would eject backend={} ({}) pool={}", member.backend(), reason, pool.name());
            return;
        }
        History history;
        int times;
        synchronized (this) {
            history = histories.computeIfAbsent(member.load(), load -> new History());
            times = history.timesInARow + 1;
        }
        // Outside the lock: the pool tells its listeners.
        if (pool.eject(
                member,
                policy.ejectionTime().of(times, random.nextDouble()),
                reason,
                policy.maxEjectedPercent(),
                policy.maxEjectedDomainPercent())) {
            synchronized (this) {
                history.timesInARow = times;
            }
            LOG.info("ejected backend={} ({}) pool={}", member.backend(), reason, pool.name());
        }
    }
}
