package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.evenkeel.backend.AdminState;
import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.Faults;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
    private final Subscribers subscribers;
    private final Selection selection;
    private final boolean isOptimistic;
    private final LongSupplier nanoClock;
    private final PoolThreads threads;
    private final Drains drains;

    private final Object lock = new Object();
    private Roster roster = Roster.EMPTY; // guarded by lock
    private boolean probed; // guarded by lock
    private boolean frozen; // guarded by lock
    private final Serving serving; // guarded by lock
    private final Alarm alarm; // guarded by lock
    private volatile PoolSnapshot snapshot;

    BackendPool(BackendPoolBuilder settings) {
        this.nanoClock = settings.nanoClock;
        this.threads = new PoolThreads(settings.name, settings.scheduler, settings.listenerExecutor);
        this.events = new Events(settings.name, nanoClock, threads.listenerExecutor());
        this.subscribers = new Subscribers(events.faults());
        this.selection =
                new Selection(settings.panicThreshold, settings.whenNoneHealthy, settings.slowStart, settings.locality);
        this.isOptimistic = settings.isOptimistic;
        this.serving = new Serving(settings.slowStart);
        this.alarm = new Alarm(threads.scheduler(), this::ring);
        this.drains = new Drains(threads.scheduler());
        this.snapshot = PoolSnapshot.of(settings.name, 0, roster.members(), selection.of(roster.members(), 0));
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

    /** The pool as it is now. Reads one field. */
    public PoolSnapshot snapshot() {
        return snapshot;
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
        return subscribers.add(subscriber, snapshot);
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Backend... added) {
        add(List.of(added));
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Collection<Backend> added) {
        change(() -> {
            Roster next = roster.adding(added, this::newcomer, name());
            added.forEach(b -> events.note(l -> l.memberAdded(name(), b)));
            return next;
        });
    }

    /** Removes a backend: it gets no new picks from now on, and those it has go on. An unknown id is refused. */
    public void remove(String id) {
        change(() -> {
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
        change(() -> {
            Roster next = roster.replacedBy(wanted, this::newcomer);
            Arrays.stream(roster.members())
                    .filter(m -> !next.has(m))
                    .forEach(m -> events.note(l -> l.memberRemoved(name(), m.backend())));
            Arrays.stream(next.members())
                    .filter(m -> !roster.has(m))
                    .forEach(m -> events.note(l -> l.memberAdded(name(), m.backend())));
            return next;
        });
    }

    /** An operator's word about a member, which outranks its probe. An unknown id is refused. */
    public void setAdminState(String id, AdminState admin) {
        change(() -> shown(roster.get(id, name()), s -> s.withAdmin(admin)));
    }

    /**
     * Takes new picks away from a member and waits for those it has. It stays {@link BackendState#DRAINING} until
     * {@link #resume} or {@link #remove}. An unknown id is refused.
     *
     * @return completes with true as soon as nothing is in flight, with false at the deadline; a member that is draining
     *     already goes on with the deadline it has
     */
    public CompletionStage<Boolean> drain(String id, Duration deadline) {
        checkArgument(!deadline.isNegative(), "deadline: %s (expected: >= 0)", deadline);
        Drain[] begun = new Drain[1];
        change(() -> {
            Member member = roster.get(id, name());
            Drain known = member.standing().drain();
            begun[0] = known != null ? known : drains.begin(member.load(), now() + deadline.toNanos());
            return shown(member, s -> s.withDrain(begun[0]));
        });
        begun[0].endIfEmpty();
        return begun[0].end().minimalCompletionStage();
    }

    /** Ends a drain, whether or not the member has become empty: it may get picks again. An unknown id is refused. */
    public void resume(String id) {
        change(() -> {
            Member member = roster.get(id, name());
            drains.end(member.standing().drain());
            return shown(member, s -> s.withDrain(null));
        });
    }

    /**
     * Takes a member out for what its traffic has shown. After that time it comes back on trial: one pick, and others
     * only if that one is a success. A member that nobody took out otherwise, and never the last one that is well.
     *
     * @param maxPercent of the members, how many may be ejected at the same time, this one included; a true cap
     * @return whether it was taken out
     */
    public boolean eject(String id, Duration time, String reason, int maxPercent) {
        checkArgument(time.toNanos() > 0, "time: %s (expected: > 0)", time);
        checkArgument(maxPercent >= 0 && maxPercent <= 100, "maxPercent: %s (expected: 0 to 100)", maxPercent);
        if (!mayEject(id, maxPercent)) { // so that nobody is told, and nothing planned anew, for nothing
            return false;
        }
        boolean[] isEjected = new boolean[1];
        change(() -> {
            Member member = roster.find(id);
            if (member == null || !mayEject(id, maxPercent)) {
                return roster;
            }
            isEjected[0] = true;
            Ejection out = new Ejection(now() + time.toNanos(), reason, null);
            return shown(member, s -> s.withEjection(out));
        });
        return isEjected[0];
    }

    private boolean mayEject(String id, int maxPercent) {
        synchronized (lock) {
            Member member = roster.find(id);
            return !frozen && member != null && roster.mayEject(member, maxPercent);
        }
    }

    /**
     * Ends the time of an ejection before it is over, since something else speaks for the member, such as a good probe: it is
     * on trial from now on. False, and no effect, if it is not in its time out.
     */
    public boolean endEjection(String id) {
        synchronized (lock) { // asked at every good probe, and nearly always for nothing
            Member member = roster.find(id);
            if (frozen || member == null || member.state() != BackendState.EJECTED) {
                return false;
            }
        }
        change(() -> {
            Member member = roster.find(id);
            return member == null ? roster : learnt(member, Standing::onTrial);
        });
        return true;
    }

    /**
     * Stops everything that changes the state of members by itself: verdicts of probes, ejections and their ends, slow
     * start. What operators do still counts. For the hour in which the automatism is the problem.
     */
    public void freeze() {
        synchronized (lock) {
            frozen = true;
        }
    }

    /** Ends {@link #freeze}: members now are what was learnt about them meanwhile. */
    public void thaw() {
        change(() -> {
            frozen = false;
            return roster.changingAll(m -> shownAs(m, m.standing()));
        });
        change(this::settled);
    }

    /**
     * From now on a member is {@link BackendState#UNPROBED} and gets no picks until {@link #markUp} is called for it. A
     * health monitor calls this when it starts; a pool has one at a time.
     */
    public void beginProbing() {
        change(() -> {
            checkState(!probed, "pool \"%s\" is probed already; its monitor must be closed first", name());
            probed = true;
            return judgedAnew();
        });
    }

    /** From now on no probe keeps a member out, as before {@link #beginProbing}. */
    public void endProbing() {
        change(() -> {
            probed = false;
            return judgedAnew();
        });
    }

    /** A verdict from outside: this member is well. False, and no effect, if it is not in the pool (any more). */
    public boolean markUp(String id, String reason) {
        return judge(id, BackendState.UP, reason);
    }

    /** A verdict from outside: this member is not well. False, and no effect, if it is not in the pool (any more). */
    public boolean markDown(String id, String reason) {
        return judge(id, BackendState.DOWN, reason);
    }

    private boolean judge(String id, BackendState verdict, String reason) {
        Member[] found = new Member[1];
        change(() -> {
            found[0] = roster.find(id);
            return found[0] == null ? roster : learnt(found[0], s -> s.withVerdict(verdict, reason));
        });
        return found[0] != null;
    }

    private Roster judgedAnew() {
        Standing first = firstStanding();
        return roster.changingAll(m -> shownAs(m, m.standing().withVerdict(first.verdict(), first.verdictReason())));
    }

    private Standing firstStanding() {
        BackendState verdict = probed && !isOptimistic ? BackendState.UNPROBED : BackendState.UP;
        return Standing.of(verdict, probed ? "no probe so far" : "not probed");
    }

    private Member newcomer(Backend backend) {
        Standing first = firstStanding();
        boolean isUp = first.state() == BackendState.UP;
        return Member.of(backend, isUp ? first.withRampStart(serving.rampStart(now())) : first, events);
    }

    /** The success of a trial ends the ejection; without one, somebody else may try. */
    private void endTrial(Member tried, Outcome outcome) {
        change(() -> {
            Member member = roster.find(tried.backend().id());
            Trial trial = tried.trial();
            if (member == null || trial == null || member.standing().trial() != trial) {
                return roster; // it has been ejected anew, or has left
            }
            trial.giveBack();
            return outcome == Outcome.SUCCESS ? learnt(member, s -> s.withEjection(null)) : roster;
        });
    }

    private void ring(long number) {
        change(() -> alarm.isDue(number) ? settled() : roster);
    }

    /** The roster after what time has brought: ends of ejections, drains and slow starts. */
    private Roster settled() {
        drains.endBy(now());
        return frozen ? roster : Dues.settle(roster, now(), selection.slowStart(), this::shownAs);
    }

    /** The roster with a member of whom an operator wants something: shown even while frozen. */
    private Roster shown(Member member, UnaryOperator<Standing> change) {
        return roster.changing(member, shownAs(member, change.apply(member.standing())));
    }

    /** The roster with a member of whom something was learnt: noted, but not shown, while frozen. */
    private Roster learnt(Member member, UnaryOperator<Standing> change) {
        Standing known = change.apply(member.standing());
        if (known.equals(member.standing())) {
            return roster;
        }
        return roster.changing(member, frozen ? member.noting(known) : shownAs(member, known));
    }

    private Member shownAs(Member member, Standing standing) {
        BackendState to = standing.state();
        if (member.state() == to) {
            return member.with(standing);
        }
        events.note(l -> l.stateChanged(name(), member.backend(), member.state(), to, standing.reason()));
        return member.with(standing.withRampStart(to == BackendState.UP ? serving.rampStart(now()) : Standing.FULL));
    }

    private long now() {
        return nanoClock.getAsLong();
    }

    /** Makes a change under the lock, and tells about it without. */
    private void change(Supplier<Roster> change) {
        synchronized (lock) {
            Roster next = change.get();
            if (next != roster) {
                publish(next);
            }
            alarm.in(Dues.next(roster, drains, now(), selection.slowStart(), frozen));
        }
        subscribers.tell(snapshot);
        events.deliver();
    }

    private void publish(Roster next) {
        long now = now();
        Selection.Choice choice = selection.of(next.members(), now);
        serving.note(choice, now);
        if (choice.isPanic() != snapshot.isPanicking()) {
            events.note(l -> l.panicChanged(name(), choice.isPanic()));
        }
        roster = next;
        snapshot = PoolSnapshot.of(name(), snapshot.version() + 1, next.members(), choice);
    }

    /** Ends every wait, and the threads behind it; members stay as they are. A second call does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            alarm.in(Alarm.NEVER);
            drains.endAll();
        }
        threads.close();
    }
}
