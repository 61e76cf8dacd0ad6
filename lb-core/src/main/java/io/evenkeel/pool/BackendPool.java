package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.Faults;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The live set of backends that share traffic, and the only thing that changes: everybody reads immutable
 * {@linkplain #snapshot snapshots}.
 *
 * <p>A change is a difference by id. Health and load of a member live on as long as a backend of the same id and address
 * stays, whatever else of it changes. A backend may be in several pools and has a state of its own in each.
 *
 * <p>Safe for use by many threads. Changes take one lock, which is never held while foreign code runs; reading takes
 * none. When a method that changes the pool has returned, no balancer picks by the state before.
 */
public final class BackendPool implements AutoCloseable {
    private final Events events;
    private final PoolThreads threads;
    private final Ledger ledger;
    private final boolean isOptimistic;
    private boolean probed; // changes only within a change of the ledger

    BackendPool(BackendPoolBuilder settings) {
        this.threads = new PoolThreads(settings.name, settings.scheduler, settings.listenerExecutor);
        this.events = new Events(settings.name, settings.nanoClock, threads.listenerExecutor());
        this.isOptimistic = settings.isOptimistic;
        Selection selection =
                new Selection(settings.panicThreshold, settings.whenNoneHealthy, settings.slowStart, settings.locality);
        this.ledger = new Ledger(events, selection, settings.nanoClock, threads);
        events.onTrialEnd(this::endTrial);
        add(settings.backends);
    }

    /** A builder of an empty pool. */
    public static BackendPoolBuilder builder(String name) {
        return new BackendPoolBuilder(name);
    }

    /** A pool of these backends, which may be none, with default settings. */
    public static BackendPool of(String name, Backend... backends) {
        return builder(name).backends(List.of(backends)).build();
    }

    /** The name, for logs and metrics. */
    public String name() {
        return events.pool();
    }

    /** The pool as all its balancers know it: who sees a change here can rely on picks that follow it. Reads one field. */
    public PoolSnapshot snapshot() {
        return ledger.snapshot();
    }

    /** What listeners and other foreign code around this pool threw. */
    public Faults faults() {
        return events.faults();
    }

    /** All listeners as one, which never throws: whoever works for the pool tells its news here. */
    public LoadBalancerListener listeners() {
        return events;
    }

    /** Adds a listener for this pool and for every balancer over it. */
    public Subscription listen(LoadBalancerListener listener) {
        return events.add(listener);
    }

    /**
     * Measures the latency of each pick that begins from now on, for {@link LoadStats#totalLatency}: two readings of the
     * clock each. While anybody listens, or for balancers whose strategy measures, that is done anyway.
     */
    public Subscription measureLatency() {
        return listen(new LoadBalancerListener() {});
    }

    /**
     * Calls {@code judge} after each pick that ended in FAILURE or TIMEOUT, on the thread that reported it. Others cost
     * nothing.
     */
    public Subscription judgeFailures(Consumer<Member> judge) {
        return events.addJudge(judge);
    }

    /**
     * Hands the present snapshot to {@code subscriber}, at once, and a newer one after each change, before the change
     * returns. Two changes at the same time may come in either order: compare {@link PoolSnapshot#version}.
     */
    public Subscription subscribe(Consumer<PoolSnapshot> subscriber) {
        return ledger.subscribe(subscriber);
    }

    /**
     * The same, but before {@link #snapshot} shows it: for who chooses members, as balancers do. Others would read an older
     * snapshot there than they are given.
     */
    public Subscription follow(Consumer<PoolSnapshot> follower) {
        return ledger.follow(follower);
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Backend... added) {
        add(List.of(added));
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Collection<Backend> added) {
        ledger.change(roster -> {
            Roster next = roster.adding(added, this::newcomer, name());
            added.forEach(b -> events.note(l -> l.memberAdded(name(), b)));
            return next;
        });
    }

    /** Removes a backend: it gets no new picks from now on, and those it has go on. An unknown id is refused. */
    public void remove(String id) {
        ledger.change(roster -> {
            Member leaving = roster.get(id, name());
            events.note(l -> l.memberRemoved(name(), leaving.backend()));
            return roster.removing(leaving);
        });
    }

    /**
     * Makes the pool consist of exactly these backends, in one step: adds, removes and changes what differs. Members
     * that stay keep their state and load.
     */
    public void replace(Collection<Backend> wanted) {
        ledger.change(roster -> told(roster, roster.replacedBy(wanted, this::newcomer)));
    }

    /**
     * Adds or changes these backends and removes those ids, in one step; all other members stay as they are. So several
     * that each know a part of a pool need not know of each other.
     *
     * @param leaving ids; those that are not in the pool are passed over, and those that are in {@code put} stay
     */
    public void update(Collection<Backend> put, Set<String> leaving) {
        ledger.change(roster -> told(roster, roster.updatedBy(put, leaving, this::newcomer)));
    }

    private Roster told(Roster roster, Roster next) {
        if (events.isHeard()) {
            roster.without(next).forEach(m -> events.note(l -> l.memberRemoved(name(), m.backend())));
            next.without(roster).forEach(m -> events.note(l -> l.memberAdded(name(), m.backend())));
        }
        return next;
    }

    /** An operator's word about a member, which outranks its probe. An unknown id is refused. */
    public void setAdminState(String id, AdminState admin) {
        ledger.change(roster -> ledger.shown(roster, roster.get(id, name()), s -> s.withAdmin(admin)));
    }

    /**
     * Takes new picks away from a member and waits for those it has. It stays {@link BackendState#DRAINING} until
     * {@link #resume} or {@link #remove}. An unknown id is refused.
     *
     * @return completes with true as soon as nothing is in flight, with false at the deadline; a member that is draining
     *     already goes on with the deadline it has
     */
    public CompletionStage<Boolean> drain(String id, Duration deadline) {
        return drain(id, deadline, roster -> true).orElseThrow();
    }

    /**
     * The same as {@link #drain(String, Duration)}, unless it would leave fewer than so many members that are well. Whoever
     * is not well anyway may always go. An unknown id is refused.
     *
     * @param minLeft how many others must be well, so that 1 spares the last one; looked at in the same step as the drain
     *     begins, so that two drains cannot both count on each other's member
     * @return empty, and no effect, where too few would be left
     */
    public Optional<CompletionStage<Boolean>> drain(String id, Duration deadline, int minLeft) {
        checkArgument(minLeft >= 0, "minLeft: %s (expected: >= 0)", minLeft);
        return drain(id, deadline, roster -> roster.leaves(roster.get(id, name()), minLeft));
    }

    private Optional<CompletionStage<Boolean>> drain(String id, Duration deadline, Predicate<Roster> condition) {
        checkArgument(!deadline.isNegative(), "deadline: %s (expected: >= 0)", deadline);
        Drain[] begun = new Drain[1];
        ledger.change(roster -> {
            Member member = roster.get(id, name());
            if (!condition.test(roster)) {
                return roster;
            }
            Drain known = member.standing().drain();
            begun[0] = known != null
                    ? known
                    : ledger.drains().begin(member.load(), ledger.now() + NANOSECONDS.convert(deadline));
            return ledger.shown(roster, member, s -> s.withDrain(begun[0]));
        });
        Drain drain = begun[0];
        if (drain == null) {
            return Optional.empty();
        }
        drain.endIfEmpty();
        return Optional.of(drain.end().minimalCompletionStage());
    }

    /** Ends a drain, whether or not the member has become empty: it may get picks again. An unknown id is refused. */
    public void resume(String id) {
        ledger.change(roster -> {
            Member member = roster.get(id, name());
            ledger.drains().end(member.standing().drain());
            return ledger.shown(roster, member, s -> s.withDrain(null));
        });
    }

    /**
     * What answers at this id has been started anew, and is a newcomer from now on: its load, its history and any drain are
     * forgotten, slow start begins again, and where the pool is probed it gets no picks before its next good probe. An
     * admin state stays. An unknown id is refused.
     */
    public void renew(String id) {
        ledger.change(roster -> {
            Member member = roster.get(id, name());
            ledger.drains().end(member.standing().drain());
            Standing first = firstStanding().withAdmin(member.standing().admin());
            boolean isUp = first.state() == BackendState.UP;
            return roster.changing(
                    ledger.shownAs(member.renewed(), isUp ? first.withRampStart(ledger.rampStart()) : first));
        });
    }

    /**
     * Takes a member out for what its traffic has shown. After that time it comes back on trial: one pick, and others
     * only if that one is a success. A member that nobody took out otherwise, and never the last one that is well.
     *
     * @param member as a snapshot has it; nobody else who has its id meanwhile
     * @param maxPercent of the members, how many may be ejected at the same time, this one included; a true cap
     * @param maxDomainPercent of the members in its fault domain, likewise; 100 is no cap of its own
     * @return whether it was taken out
     */
    public boolean eject(Member member, Duration time, String reason, int maxPercent, int maxDomainPercent) {
        checkArgument(NANOSECONDS.convert(time) > 0, "time: %s (expected: > 0)", time);
        checkArgument(maxPercent >= 0 && maxPercent <= 100, "maxPercent: %s (expected: 0 to 100)", maxPercent);
        checkArgument(
                maxDomainPercent >= 0 && maxDomainPercent <= 100,
                "maxDomainPercent: %s (expected: 0 to 100)",
                maxDomainPercent);
        return ledger.changeIf(
                member, (roster, now) -> roster.mayEject(now, maxPercent, maxDomainPercent), (roster, now) -> {
                    Ejection out = new Ejection(ledger.now() + NANOSECONDS.convert(time), reason, null);
                    return ledger.shown(roster, now, s -> s.withEjection(out));
                });
    }

    /**
     * Ends the time of an ejection before it is over, since something else speaks for the member, such as a good probe: it is
     * on trial from now on. False, and no effect, if it is not in its time out, or not in the pool (any more).
     */
    public boolean endEjection(Member member) {
        return ledger.changeIf(
                member,
                (roster, now) -> now.state() == BackendState.EJECTED,
                (roster, now) -> ledger.learnt(roster, now, Standing::onTrial));
    }

    /**
     * Stops everything that changes the state of members by itself: verdicts of probes, ejections and their ends, slow
     * start. What operators do still counts. For the hour in which the automatism is the problem.
     */
    public void freeze() {
        ledger.freeze();
    }

    /** Ends {@link #freeze}: members now are what was learnt about them meanwhile. */
    public void thaw() {
        ledger.thaw();
    }

    /**
     * From now on a member is {@link BackendState#UNPROBED} and gets no picks until {@link #markUp} is called for it. A
     * health monitor calls this when it starts; a pool has one at a time.
     */
    public void beginProbing() {
        ledger.change(roster -> {
            checkState(!probed, "pool \"%s\" is probed already; its monitor must be closed first", name());
            probed = true;
            return judgedAnew(roster);
        });
    }

    /** From now on no probe keeps a member out, as before {@link #beginProbing}. */
    public void endProbing() {
        ledger.change(roster -> {
            probed = false;
            return judgedAnew(roster);
        });
    }

    /** A verdict from outside: who has this id is well. False, and no effect, if nobody has. */
    public boolean markUp(String id, String reason) {
        return mark(id, true, reason);
    }

    /** A verdict from outside: who has this id is not well. False, and no effect, if nobody has. */
    public boolean markDown(String id, String reason) {
        return mark(id, false, reason);
    }

    private boolean mark(String id, boolean isUp, String reason) {
        boolean[] isThere = new boolean[1];
        ledger.change(roster -> {
            Member member = roster.find(id);
            isThere[0] = member != null;
            return member == null ? roster : ledger.learnt(roster, member, judgedBy(isUp, reason));
        });
        return isThere[0];
    }

    /**
     * Takes in verdicts from outside, all in one change: a pool of many members is looked through once, and not once for
     * each of them.
     *
     * @return those that had an effect or said what was known; not those about members that are not in the pool any more
     */
    public List<Verdict> judge(Collection<Verdict> verdicts) {
        List<Verdict> heard = new ArrayList<>();
        ledger.change(roster -> roster.judging(verdicts, (member, verdict) -> {
            heard.add(verdict);
            return ledger.learnt(member, judgedBy(verdict.isUp(), verdict.reason()));
        }));
        return heard;
    }

    private static UnaryOperator<Standing> judgedBy(boolean isUp, String reason) {
        return standing -> standing.withVerdict(isUp ? BackendState.UP : BackendState.DOWN, reason);
    }

    private Roster judgedAnew(Roster roster) {
        Standing first = firstStanding();
        return roster.changingAll(
                m -> ledger.shownAs(m, m.standing().withVerdict(first.verdict(), first.verdictReason())));
    }

    private Standing firstStanding() {
        BackendState verdict = probed && !isOptimistic ? BackendState.UNPROBED : BackendState.UP;
        return Standing.of(verdict, probed ? "no probe so far" : "not probed");
    }

    private Member newcomer(Backend backend) {
        Standing first = firstStanding();
        boolean isUp = first.state() == BackendState.UP;
        return Member.of(backend, isUp ? first.withRampStart(ledger.rampStart()) : first, events);
    }

    /** The success of a trial ends the ejection; without one, somebody else may try. */
    private void endTrial(Member tried, Outcome outcome) {
        ledger.change(roster -> {
            Member member = roster.find(tried);
            Trial trial = tried.trial();
            if (member == null || trial == null || member.standing().trial() != trial) {
                return roster; // it has been ejected anew, or has left
            }
            trial.giveBack();
            return outcome == Outcome.SUCCESS ? ledger.learnt(roster, member, s -> s.withEjection(null)) : roster;
        });
    }

    /** Ends every wait, and the threads behind it; members stay as they are. A second call does nothing. */
    @Override
    public void close() {
        ledger.close();
        threads.close();
    }
}
