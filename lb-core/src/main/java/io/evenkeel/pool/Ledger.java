package io.evenkeel.pool;

import io.evenkeel.backend.BackendState;
import io.evenkeel.event.Subscription;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a pool and what is known about each, written by one thread at a time, and the snapshot that follows from it.
 * The one lock of a pool is here; what is told about a change is told without it.
 */
final class Ledger {
    private final Events events;
    private final Subscribers followers;
    private final Subscribers subscribers;
    private final Selection selection;
    private final LongSupplier nanoClock;
    private final Drains drains;

    private final Object lock = new Object();
    private Roster roster = Roster.EMPTY; // guarded by lock
    private boolean frozen; // guarded by lock
    private final Serving serving; // guarded by lock
    private final Alarm alarm; // guarded by lock
    private volatile PoolSnapshot latest; // written under lock
    private volatile PoolSnapshot shown; // the latest that all followers have

    Ledger(Events events, Selection selection, LongSupplier nanoClock, PoolThreads threads) {
        this.events = events;
        this.followers = new Subscribers(events.faults());
        this.subscribers = new Subscribers(events.faults());
        this.selection = selection;
        this.nanoClock = nanoClock;
        this.drains = new Drains(threads.scheduler());
        this.serving = new Serving(selection.slowStart());
        this.alarm = new Alarm(threads.scheduler(), this::ring);
        this.latest = PoolSnapshot.of(events.pool(), 0, roster.row(), selection.of(roster, 0));
        this.shown = latest;
    }

    PoolSnapshot snapshot() {
        return shown;
    }

    Subscription follow(Consumer<PoolSnapshot> follower) {
        return followers.add(follower, () -> latest);
    }

    Subscription subscribe(Consumer<PoolSnapshot> subscriber) {
        return subscribers.add(subscriber, () -> shown);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** When the slow start of a member begins that is well from now on. Only within a change. */
    long rampStart() {
        return serving.rampStart(now());
    }

    /** Only within a change. */
    Drains drains() {
        return drains;
    }

    /** Makes a change under the lock, and tells about it without. */
    void change(UnaryOperator<Roster> change) {
        synchronized (lock) {
            Roster next = change.apply(roster);
            if (next != roster) {
                publish(next);
            }
            alarm.in(Dues.next(roster, drains, now(), selection.slowStart(), frozen));
        }
        PoolSnapshot made = latest; // or one that somebody else has made meanwhile
        followers.tell(made);
        show(made);
        subscribers.tell(shown);
        events.deliver();
    }

    private void show(PoolSnapshot made) {
        synchronized (lock) {
            if (made.version() > shown.version()) {
                shown = made;
            }
        }
    }

    /**
     * Changes something about a member if that holds of it, and the pool is not frozen. Looks first without a change, so
     * that nobody is told, and nothing planned anew, for nothing.
     */
    boolean changeIf(Member member, BiPredicate<Roster, Member> condition, BiFunction<Roster, Member, Roster> change) {
        synchronized (lock) {
            if (present(member, condition) == null) {
                return false;
            }
        }
        boolean[] isChanged = new boolean[1];
        change(now -> {
            Member found = present(member, condition);
            isChanged[0] = found != null;
            return found == null ? now : change.apply(now, found);
        });
        return isChanged[0];
    }

    private @Nullable Member present(Member member, BiPredicate<Roster, Member> condition) {
        Member now = roster.find(member);
        return !frozen && now != null && condition.test(roster, now) ? now : null;
    }

    private void publish(Roster next) {
        long now = now();
        Selection.Choice choice = selection.of(next, now);
        serving.note(choice, now);
        if (choice.isPanic() != latest.isPanicking()) {
            events.note(l -> l.panicChanged(events.pool(), choice.isPanic()));
        }
        roster = next;
        latest = PoolSnapshot.of(events.pool(), latest.version() + 1, next.row(), choice);
    }

    void freeze() {
        synchronized (lock) {
            frozen = true;
        }
    }

    void thaw() {
        change(now -> {
            frozen = false;
            return now.changingAll(m -> shownAs(m, m.standing()));
        });
        change(this::settled);
    }

    private void ring(long number) {
        change(now -> alarm.isDue(number) ? settled(now) : now);
    }

    /** The roster after what time has brought: ends of ejections, drains and slow starts. */
    private Roster settled(Roster now) {
        drains.endBy(now());
        return frozen ? now : Dues.settle(now, now(), selection.slowStart(), this::shownAs);
    }

    /** The roster with a member of whom an operator wants something: shown even while frozen. */
    Roster shown(Roster now, Member member, UnaryOperator<Standing> change) {
        return now.changing(shownAs(member, change.apply(member.standing())));
    }

    /** The roster with a member of whom something was learnt: noted, but not shown, while frozen. */
    Roster learnt(Roster now, Member member, UnaryOperator<Standing> change) {
        Member after = learnt(member, change);
        return after == member ? now : now.changing(after);
    }

    /** The member of whom something was learnt. Only within a change. */
    Member learnt(Member member, UnaryOperator<Standing> change) {
        Standing known = change.apply(member.standing());
        if (known.equals(member.standing())) {
            return member;
        }
        return frozen ? member.noting(known) : shownAs(member, known);
    }

    /** The member of whom that is known. Only within a change. */
    Member shownAs(Member member, Standing standing) {
        BackendState to = standing.state();
        if (member.state() == to) {
            return member.with(standing);
        }
        events.note(l -> l.stateChanged(events.pool(), member.backend(), member.state(), to, standing.reason()));
        return member.with(standing.withRampStart(to == BackendState.UP ? rampStart() : Standing.FULL));
    }

    /** Ends every wait. */
    void close() {
        synchronized (lock) {
            alarm.in(Alarm.NEVER);
            drains.endAll();
        }
    }
}
