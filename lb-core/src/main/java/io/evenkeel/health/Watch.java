package io.evenkeel.health;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
        long interval = NANOSECONDS.convert(monitor.schedule().interval());
        if (dueNanos - clock.now() > interval) {
            plan((long) (clock.chance() * interval));
        }
    }

    /** Asks soon, as its traffic finds nobody there; at most once in so long, however many picks say so. */
    synchronized void suspect() {
        long intervalNanos = NANOSECONDS.convert(monitor.schedule().interval());
        long soonestNanos = traffic.askedAtNanos() + Math.min(SPREAD_NANOS, intervalNanos);
        if (verdict.isUp() && !isBusy && dueNanos - soonestNanos > 0) {
            plan(Math.max(0, soonestNanos - clock.now()));
        }
    }

    private synchronized void plan(long delayNanos) {
        if (next != null) {
            next.cancel(false);
        }
        if (!closed) {
            long nowNanos = clock.now();
            // By differences: clocks may run over, and so may the sum with a time without end.
            long aheadNanos = Math.max(0, onGrid(nowNanos + delayNanos) - nowNanos);
            dueNanos = nowNanos + aheadNanos;
            next = clock.after(aheadNanos, this::tick);
        }
    }

    /** Probes that are due close together are due together: of ten thousand, ten times fewer wake the scheduler. */
    private long onGrid(long nanos) {
        long grain = Math.max(1, NANOSECONDS.convert(monitor.schedule().interval()) / GRAINS);
        return nanos - Math.floorMod(nanos, grain);
    }

    /** At once, but not all members at the same moment. */
    private long spread() {
        return (long) (clock.chance()
                * Math.min(SPREAD_NANOS, NANOSECONDS.convert(monitor.schedule().interval())));
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
                            ? (long) (clock.chance() * NANOSECONDS.convert(schedule.interval()))
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
            monitor.judging().add(this::judgeStuck);
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
        return traffic.isIdle(schedule.liveTraffic(), clock.now(), NANOSECONDS.convert(schedule.interval()));
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
        answer.whenComplete(
                (result, fault) -> take(Answer.of(this, asked, deadline, result, fault, askedNanos, timeoutNanos)));
        return true;
    }

    /** On whatever thread an answer comes. */
    private void take(Answer answer) {
        if (!answer.isAsked()) {
            monitor.couldNotAsk(answer.result().reason());
        }
        if (isNothingNew(answer)) {
            answer.deadline().cancel(false);
            answer.end();
        } else {
            // For the scheduler's thread: a verdict rebuilds tables, which must not hold up the sockets of other
            // probes.
            monitor.judging().add(answer);
        }
    }

    /** Takes in what nearly all answers are: a good one of a member that is well. */
    private synchronized boolean isNothingNew(Answer answer) {
        long tookNanos = clock.now() - answer.askedNanos();
        boolean isUsual = answer.result().isGood() && verdict.isUp() && !verdict.isInDoubt();
        if (!isUsual || answer.isLate(tookNanos) || closed || isOverdue || monitor.isAnyEjected()) {
            return false;
        }
        isBusy = false;
        wasDiscarded = false;
        forgetCall();
        note(ProbeLog.Event.GOOD, answer.result(), tookNanos);
        return true;
    }

    /** The verdict, if the answer has changed it. */
    @Nullable
    Verdict judge(Answer answer) {
        ProbeResult result = answer.result();
        long tookNanos = clock.now() - answer.askedNanos();
        Verdict changed;
        synchronized (this) {
            isBusy = false;
            forgetCall();
            if (closed) {
                return null;
            }
            if (isOverdue) {
                isOverdue = false;
                plan(0);
            }
            // Not twice in a row, or a scheduler that is always late would find nothing at all.
            wasDiscarded = !wasDiscarded && answer.isLate(tookNanos);
            if (wasDiscarded || !answer.isAsked()) {
                note(ProbeLog.Event.DISCARDED, result, tookNanos);
                return null;
            }
            changed = judge(result, answer.askedNanos(), tookNanos);
        }
        if (changed == null && result.isGood()) {
            monitor.vouch(member);
        }
        return changed;
    }

    /** A probe that was due is not even asked, since the last one has not come back: that is an answer, too. */
    private synchronized @Nullable Verdict judgeStuck() {
        return closed ? null : judge(ProbeResult.bad("the probe before still blocks"), clock.now(), 0);
    }

    void end(ProbeCall ended) {
        ended.whenLeft(monitor.gate()::leave, clock::execute);
    }

    private void forgetCall() {
        if (call != null && !call.isStuck()) {
            call = null;
        }
    }

    private void note(ProbeLog.Event event, ProbeResult result, long tookNanos) {
        monitor.note(member.backend(), event, result.reason(), tookNanos);
    }

    private @Nullable Verdict judge(ProbeResult result, long askedNanos, long tookNanos) {
        note(result.isGood() ? ProbeLog.Event.GOOD : ProbeLog.Event.BAD, result, tookNanos);
        ProbeSchedule schedule = monitor.schedule();
        boolean isChanged = verdict.record(result.isGood(), schedule, clock.now());
        if (verdict.isUp()
                && verdict.isInDoubt()
                && !schedule.intervalWhenFailing().isZero()) {
            lookSooner(askedNanos);
        }
        return isChanged ? changed(result, schedule, tookNanos) : null;
    }

    private Verdict changed(ProbeResult result, ProbeSchedule schedule, long tookNanos) {
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
