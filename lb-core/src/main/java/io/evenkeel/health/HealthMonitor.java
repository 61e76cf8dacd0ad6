package io.evenkeel.health;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.event.Subscription;
import io.evenkeel.pool.BackendPool;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.pool.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clockwork that probes all members of a pool and tells the pool its verdicts.
 *
 * <p>A newcomer is probed at once, give or take a second, so that the members of a new pool are not all asked at the same
 * moment; it gets no picks before its first good probe. Probing goes on for as long as a member is in the pool: one that
 * recovers comes back by itself. A member whose traffic finds nobody there is probed at once, though not more often than
 * once a second: the traffic gives the hint, and the probe the verdict. Each verdict that changes is one log line, which
 * ends in how many members of how many are out; {@link #log} has the probes behind it.
 *
 * <p>When the process itself stood still, longer than a timeout beyond what a probe may take, the results of the probes
 * that were under way are discarded, and the probes that had become due meanwhile are spread over a second.
 *
 * <p>Safe for use by many threads.
 */
public final class HealthMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private final BackendPool pool;
    private final ProbeClock clock;
    private final ProbeSockets sockets;
    private final Asker asker;
    private final ProbeGate gate;
    private final Judging judging;
    private final ProbeLog log;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>(); // changes are guarded by this
    private long seenVersion = -1; // guarded by this
    private List<Member> seen = List.of(); // guarded by this
    private boolean closed; // guarded by this
    private Subscription subscription = () -> {};
    private Subscription suspicions = () -> {};
    private volatile boolean isAnyEjected;
    private volatile int size;
    private volatile HealthProbe probe;
    private volatile ProbeSchedule schedule;

    private HealthMonitor(BackendPool pool, HealthProbe probe, ProbeSchedule schedule, ProbeClock clock) {
        this.pool = pool;
        this.probe = probe;
        this.schedule = schedule;
        this.clock = clock;
        this.sockets = new ProbeSockets(pool.name());
        this.asker = new Asker(sockets, pool.faults());
        this.gate = new ProbeGate(this::places, clock::execute);
        this.judging = new Judging(clock::execute, this::tell);
        this.log = new ProbeLog(clock.now());
    }

    /**
     * Starts to probe a pool, whose members are out from now on until they pass a probe.
     *
     * @param scheduler runs the clockwork, never blocks in it, and stays the caller's: closing the monitor leaves it open
     * @param random spreads the probes
     * @param nanoClock a clock such as {@link System#nanoTime}; it tells when the process itself stood still, and the
     *     results of probes that ran meanwhile are not counted
     * @throws IllegalStateException if the pool has a monitor already
     */
    public static HealthMonitor start(
            BackendPool pool,
            HealthProbe probe,
            ProbeSchedule schedule,
            ScheduledExecutorService scheduler,
            RandomGenerator random,
            LongSupplier nanoClock) {
        pool.beginProbing();
        HealthMonitor monitor = new HealthMonitor(pool, probe, schedule, new ProbeClock(scheduler, random, nanoClock));
        monitor.subscription = pool.subscribe(monitor::follow);
        monitor.suspicions = pool.judgeFailures(monitor::suspect);
        return monitor;
    }

    /**
     * Probes by another schedule from now on. Verdicts and counts stay; a probe that is further off than the new interval
     * comes within one.
     */
    public void update(ProbeSchedule schedule) {
        List<Watch> all;
        synchronized (this) {
            this.schedule = schedule;
            all = List.copyOf(watches.values());
        }
        all.forEach(Watch::hasten);
        gate.admit();
    }

    /** Asks another question from the next probe of each member on. Verdicts and counts stay. */
    public void update(HealthProbe probe) {
        this.probe = probe;
    }

    /** The last probes and changes of verdicts, oldest first; see {@link ProbeLog} for how many. */
    public List<ProbeLog.Entry> log() {
        return log.entries();
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
        suspicions.close();
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
            isAnyEjected = snapshot.members().stream().anyMatch(m -> m.state() == BackendState.EJECTED);
            if (isSeen(snapshot.members())) {
                return; // a verdict, most likely our own
            }
            seen = snapshot.members();
            size = seen.size();
            Map<String, Watch> before = new HashMap<>(watches);
            watches.clear();
            for (Member member : seen) {
                Watch known = before.remove(member.backend().id());
                if (known != null && !known.follow(member)) {
                    over.add(known);
                    known = null;
                }
                if (known == null) {
                    known = new Watch(member, this, clock);
                    known.start();
                }
                watches.put(member.backend().id(), known);
            }
            over.addAll(before.values());
        }
        over.forEach(Watch::close);
    }

    /** A pick has failed. Where it found nobody, which an error page is not, the next probe need not be waited for. */
    private void suspect(Member member) {
        Watch watch = watches.get(member.backend().id());
        if (watch != null && member.load().unansweredInARow() > 0) {
            watch.suspect();
        }
    }

    private boolean isSeen(List<Member> members) {
        if (members.size() != seen.size()) {
            return false;
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).load() != seen.get(i).load()) { // the same load is the same place
                return false;
            }
        }
        return true;
    }

    private int places() {
        return schedule.places(size, probe.mayBlock());
    }

    ProbeCall check(Backend backend) {
        return asker.ask(probe, backend);
    }

    void couldNotAsk(String reason) {
        pool.faults().caught("probe", new IOException(reason));
    }

    /** Whether there is anybody for whom a good answer could speak. */
    boolean isAnyEjected() {
        return isAnyEjected;
    }

    /** A good answer that changes no verdict may still speak for a member that its traffic has taken out. */
    void vouch(Member member) {
        pool.endEjection(member);
    }

    /** Verdicts have changed. */
    private void tell(List<Verdict> verdicts) {
        List<Verdict> heard = pool.judge(verdicts);
        PoolSnapshot now = pool.snapshot();
        int out = now.out();
        heard.forEach(verdict -> LOG.info(
                "probe backend={} {} ({}) pool={} out={}/{}",
                verdict.member().backend(),
                verdict.isUp() ? "UP" : "DOWN",
                verdict.reason(),
                pool.name(),
                out,
                now.members().size()));
    }

    void note(Backend backend, ProbeLog.Event event, String reason, long tookNanos) {
        log.add(clock.now(), backend, event, reason, tookNanos);
    }

    ProbeGate gate() {
        return gate;
    }

    Judging judging() {
        return judging;
    }
}
