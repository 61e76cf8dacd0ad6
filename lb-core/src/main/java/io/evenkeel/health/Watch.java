package io.evenkeel.health;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Probes one member for as long as it is in the pool: asks, waits, judges, and asks again. */
final class Watch implements AutoCloseable {
    /** The grid of due times has so many lines in an interval. */
    private static final int GRAINS = 1_000;

    private static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoadStats load;
    private final HealthMonitor monitor;
    private final ProbeClock clock;
    private volatile Member member;

    // All below: guarded by this
    private final RiseAndFall verdict = new RiseAndFall();
    private final TrafficSeen traffic;
    private @Nullable Future<?> next;
    private long dueNanos;
    private boolean isFirst = true;
    private boolean isBusy; // from the moment a probe gets in line
    private boolean isOverdue; // the next one waits for its end
    private boolean wasLate;
    private boolean wasDiscarded;
    private @Nullable ProbeCall call; // the latest
    private boolean closed;

    Watch(Member member, HealthMonitor monitor, ProbeClock clock) {
        this.member = member;
        this.load = member.load();
        this.monitor = monitor;
        this.clock = clock;
        this.traffic = new TrafficSeen(load);
    }

    /** Takes over what was declared anew. False if this is another member: one that left and came back, or moved. */
    boolean follow(Member other) {
        if (load != other.load()) {
            return false;
        }
        member = other;
        return true;
    }

    /** Plans the first probe. */
    void start() {
        plan(spread());
    }

    /** Plans anew where the next probe is further off than a new schedule would have it. */
    synchronized void hasten() {
        long interval = monitor.schedule().interval().toNanos();
        if (dueNanos - clock.now() > interval) {
            plan((long) (clock.chance() * interval));
        }
    }

    private synchronized void plan(long delayNanos) {
        if (next != null) {
            next.cancel(false);
        }
        if (!closed) {
            long nowNanos = clock.now();
            dueNanos = Math.max(nowNanos, onGrid(nowNanos + delayNanos));
            next = clock.after(dueNanos - nowNanos, this::tick);
        }
    }

    /** Probes that are due close together are due together: of ten thousand, ten times fewer wake the scheduler. */
    private long onGrid(long nanos) {
        long grain = Math.max(1, monitor.schedule().interval().toNanos() / GRAINS);
        return nanos - Math.floorMod(nanos, grain);
    }

    /** At once, but not all members at the same moment. */
    private long spread() {
        return (long) (clock.chance()
                * Math.min(SPREAD_NANOS, monitor.schedule().interval().toNanos()));
    }

    private void tick() {
        boolean isStuck;
        synchronized (this) {
            next = null;
            if (closed) {
                return;
            }
            ProbeSchedule schedule = monitor.schedule();
            // The process stood still, and so all members are due at this moment.
            wasLate = !wasLate && clock.now() - dueNanos > schedule.timeoutNanos();
            if (wasLate) {
                plan(spread());
                return;
            }
            // Planned first, so that nothing that goes wrong below ends the probing. The second probe comes at any
            // point of an interval: clients that were started together do not go on asking together.
            plan(
                    isFirst
                            ? (long) (clock.chance() * schedule.interval().toNanos())
                            : schedule.intervalNanos(clock.chance()));
            isFirst = false;
            isOverdue = isBusy;
            if (isBusy || isNeedless(schedule)) {
                return;
            }
            isStuck = call != null && call.isStuck();
            isBusy = !isStuck;
        }
        if (isStuck) {
            long nowNanos = clock.now();
            monitor.judging().add(() -> judge(ProbeResult.bad("the probe before still blocks"), nowNanos, 0));
        } else {
            monitor.gate().enter(this::ask);
        }
    }

    private boolean isNeedless(ProbeSchedule schedule) {
        if (!verdict.isUp() || verdict.isInDoubt()) {
            return false;
        }
        if (traffic.spares(schedule.liveTraffic())) {
            monitor.note(member.backend(), ProbeLog.Event.SPARED, "live traffic went well", 0);
            return true;
        }
        return traffic.isIdle(
                schedule.liveTraffic(), clock.now(), schedule.interval().toNanos());
    }

    private boolean ask() {
        long askedNanos = clock.now();
        long timeoutNanos = monitor.schedule().timeoutNanos();
        synchronized (this) {
            if (closed) {
                return false;
            }
            traffic.asked(askedNanos);
        }
        ProbeCall asked = monitor.check(member.backend());
        CompletableFuture<ProbeResult> answer = asked.answer();
        synchronized (this) {
            call = asked;
            if (closed) {
                answer.cancel(false);
            }
        }
        Future<?> deadline = clock.after(
                timeoutNanos,
                () -> answer.complete(ProbeResult.bad("no answer within " + Duration.ofNanos(timeoutNanos))));
        answer.whenComplete((result, fault) -> {
            ProbeResult answered = fault == null ? result : ProbeResult.failed(causeOf(fault));
            Answer next = new Answer(asked, answered, askedNanos, timeoutNanos, deadline);
            if (isNothingNew(answered, askedNanos, timeoutNanos)) {
                deadline.cancel(false);
                next.end();
            } else {
                monitor.judging().add(next);
            }
        });
        return true;
    }

    /**
     * Takes in, on whatever thread it came, what nearly all answers are: a good one of a member that is well. All others
     * are for the scheduler's thread: a verdict rebuilds tables, which must not hold up the sockets of other probes.
     */
    private synchronized boolean isNothingNew(ProbeResult result, long askedNanos, long timeoutNanos) {
        long tookNanos = clock.now() - askedNanos;
        boolean isUsual = result.isGood() && verdict.isUp() && !verdict.isInDoubt() && tookNanos <= timeoutNanos;
        if (!isUsual || closed || isOverdue || monitor.isAnyEjected()) {
            return false;
        }
        isBusy = false;
        wasDiscarded = false;
        call = null;
        note(ProbeLog.Event.GOOD, result, tookNanos);
        return true;
    }

    private final class Answer implements Judging.Answered {
        private final ProbeCall asked;
        private final ProbeResult result;
        private final long askedNanos;
        private final long timeoutNanos;
        private final Future<?> deadline;

        Answer(ProbeCall asked, ProbeResult result, long askedNanos, long timeoutNanos, Future<?> deadline) {
            this.asked = asked;
            this.result = result;
            this.askedNanos = askedNanos;
            this.timeoutNanos = timeoutNanos;
            this.deadline = deadline;
        }

        @Override
        public @Nullable Verdict judge() {
            deadline.cancel(false);
            return Watch.this.judge(result, askedNanos, timeoutNanos);
        }

        @Override
        public void end() {
            asked.whenLeft(monitor.gate()::leave, clock::execute);
        }
    }

    private @Nullable Verdict judge(ProbeResult result, long askedNanos, long timeoutNanos) {
        long tookNanos = clock.now() - askedNanos;
        Verdict changed;
        synchronized (this) {
            isBusy = false;
            if (call != null && !call.isStuck()) {
                call = null;
            }
            if (closed) {
                return null;
            }
            if (isOverdue) {
                isOverdue = false;
                plan(0);
            }
            // The timer ran late by more than a timeout: it was us who stood still, not the backend. Not twice in a
            // row, or a scheduler that is always late would find nothing at all.
            wasDiscarded = !wasDiscarded && tookNanos - timeoutNanos > timeoutNanos;
            if (wasDiscarded) {
                note(ProbeLog.Event.DISCARDED, result, tookNanos);
                return null;
            }
            note(result.isGood() ? ProbeLog.Event.GOOD : ProbeLog.Event.BAD, result, tookNanos);
            changed = riseOrFall(result, tookNanos);
            if (verdict.isUp()
                    && verdict.isInDoubt()
                    && !monitor.schedule().intervalWhenFailing().isZero()) {
                lookSooner(askedNanos);
            }
        }
        if (changed == null && result.isGood()) {
            monitor.vouch(member);
        }
        return changed;
    }

    private void note(ProbeLog.Event event, ProbeResult result, long tookNanos) {
        monitor.note(member.backend(), event, result.reason(), tookNanos);
    }

    private @Nullable Verdict riseOrFall(ProbeResult result, long tookNanos) {
        ProbeSchedule schedule = monitor.schedule();
        if (!verdict.record(result.isGood(), schedule, clock.now())) {
            return null;
        }
        if (verdict.isUp()) {
            note(ProbeLog.Event.UP, result, tookNanos);
            return new Verdict(member, true, result.reason());
        }
        note(ProbeLog.Event.DOWN, result, tookNanos);
        int failures = schedule.unhealthyThreshold();
        long needed = verdict.neededToRise(schedule);
        String why = failures
                + (failures == 1 ? " failed probe: " : " failed probes: ")
                + result.reason()
                + (needed == 1 ? "" : "; back after " + needed + " good ones in a row");
        return new Verdict(member, false, why);
    }

    private void lookSooner(long askedNanos) {
        long due = askedNanos + monitor.schedule().intervalWhenFailingNanos(clock.chance());
        if (due - dueNanos < 0) {
            plan(Math.max(0, due - clock.now()));
        }
    }

    private static Throwable causeOf(Throwable fault) {
        Throwable cause = fault.getCause();
        return fault instanceof CompletionException && cause != null ? cause : fault;
    }

    @Override
    public void close() {
        ProbeCall pending;
        synchronized (this) {
            closed = true;
            pending = call;
            if (next != null) {
                next.cancel(false);
            }
        }
        if (pending != null) {
            pending.answer().cancel(false); // without the lock: a probe of the user's may act on it at once
        }
    }
}
