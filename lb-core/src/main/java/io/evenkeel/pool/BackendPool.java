package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.BackendState;
import io.evenkeel.event.Faults;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.event.Subscription;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
public final class BackendPool {
    private static final String NOT_PROBED = "not probed";

    /** More than any list that is not a mistake, and a table of that many still builds in well under a second. */
    private static final int MAX_MEMBERS = 100_000;

    private final Events events;
    private final List<Consumer<PoolSnapshot>> subscribers = new CopyOnWriteArrayList<>();

    private final Object lock = new Object();
    private Map<String, Member> byId = new HashMap<>(); // guarded by lock
    private Member[] members = {}; // guarded by lock; an array that was published is never written again
    private boolean probed; // guarded by lock
    private volatile PoolSnapshot snapshot;

    private BackendPool(String name, LongSupplier nanoClock) {
        this.events = new Events(name, nanoClock);
        this.snapshot = PoolSnapshot.of(name, 0, members);
    }

    /** A pool of these backends, which may be none. */
    public static BackendPool of(String name, Backend... backends) {
        return of(name, List.of(backends), System::nanoTime);
    }

    /**
     * A pool with a clock of the caller's.
     *
     * @param nanoClock a clock such as {@link System#nanoTime}
     */
    public static BackendPool of(String name, Collection<Backend> backends, LongSupplier nanoClock) {
        checkArgument(!name.isBlank(), "name: \"%s\" (expected: a name)", name);
        checkArgument(name.chars().noneMatch(Character::isISOControl), "name: (expected: no control characters)");
        BackendPool pool = new BackendPool(name, nanoClock);
        pool.add(backends);
        return pool;
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

    /** All listeners of this pool as one, which never throws: whoever works for the pool tells its news here. */
    public LoadBalancerListener listeners() {
        return events;
    }

    /** Adds a listener for this pool and for every balancer over it. */
    public Subscription listen(LoadBalancerListener listener) {
        return events.add(listener);
    }

    /**
     * Hands the present snapshot to {@code subscriber}, at once, and a newer one after each change, before the change
     * returns. Two changes at the same time may come in either order: compare {@link PoolSnapshot#version}.
     */
    public Subscription subscribe(Consumer<PoolSnapshot> subscriber) {
        subscribers.add(subscriber);
        tell(subscriber, snapshot);
        return () -> subscribers.remove(subscriber);
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Backend... added) {
        add(List.of(added));
    }

    /** Adds backends, all or none. An id that is already in the pool, or twice in the list, is refused. */
    public void add(Collection<Backend> added) {
        synchronized (lock) {
            Map<String, Member> next = new HashMap<>(byId);
            Member[] all = Arrays.copyOf(members, members.length + added.size());
            int end = members.length;
            for (Backend backend : added) {
                Member member = newcomer(backend);
                checkArgument(
                        next.put(backend.id(), member) == null,
                        "backend: \"%s\" (expected: an id that is not yet in pool \"%s\")",
                        backend,
                        name());
                all[end++] = member;
            }
            publish(next, all);
            added.forEach(b -> events.note(l -> l.memberAdded(name(), b)));
        }
        announce();
    }

    /** Removes a backend: it gets no new picks from now on, and those it has go on. An unknown id is refused. */
    public void remove(String id) {
        synchronized (lock) {
            Member leaving = byId.get(id);
            checkArgument(leaving != null, "backend: \"%s\" (expected: an id that is in pool \"%s\")", id, name());
            Map<String, Member> next = new HashMap<>(byId);
            next.remove(id);
            publish(next, Arrays.stream(members).filter(m -> m != leaving).toArray(Member[]::new));
            events.note(l -> l.memberRemoved(name(), leaving.backend()));
        }
        announce();
    }

    /**
     * Makes the pool consist of exactly these backends, in one step: adds, removes and changes what differs. Members
     * that stay keep their state and load.
     */
    public void replace(Collection<Backend> wanted) {
        synchronized (lock) {
            Map<String, Member> before = byId;
            Map<String, Member> next = new HashMap<>();
            Member[] all = new Member[wanted.size()];
            int end = 0;
            for (Backend backend : wanted) {
                Member known = before.get(backend.id());
                Member member = known != null && isSamePlace(known.backend(), backend)
                        ? known.with(backend)
                        : newcomer(backend);
                checkArgument(
                        next.put(backend.id(), member) == null,
                        "backend: \"%s\" (expected: an id that is only once in the list)",
                        backend);
                all[end++] = member;
            }
            Member[] old = members;
            publish(next, all);
            noteDifference(old, before, all, next);
        }
        announce();
    }

    /**
     * From now on a member is {@link BackendState#UNPROBED} and gets no picks until {@link #markUp} is called for it. A
     * health monitor calls this when it starts; a pool has one at a time.
     */
    public void beginProbing() {
        synchronized (lock) {
            checkState(!probed, "pool \"%s\" is probed already; its monitor must be closed first", name());
            probed = true;
            updateAll(BackendState.UNPROBED, "no probe so far");
        }
        announce();
    }

    /** From now on every member counts as {@link BackendState#UP}, as before {@link #beginProbing}. */
    public void endProbing() {
        synchronized (lock) {
            probed = false;
            updateAll(BackendState.UP, NOT_PROBED);
        }
        announce();
    }

    /** A verdict from outside: this member is well. False, and no effect, if it is not in the pool (any more). */
    public boolean markUp(String id, String reason) {
        return update(id, BackendState.UP, reason);
    }

    /** A verdict from outside: this member is not well. False, and no effect, if it is not in the pool (any more). */
    public boolean markDown(String id, String reason) {
        return update(id, BackendState.DOWN, reason);
    }

    private boolean update(String id, BackendState state, String reason) {
        synchronized (lock) {
            Member member = byId.get(id);
            if (member == null) {
                return false;
            }
            if (member.state() == state && member.reason().equals(reason)) {
                return true;
            }
            Member updated = changed(member, state, reason);
            byId.put(id, updated);
            publish(byId, replaced(m -> m == member ? updated : m));
        }
        announce();
        return true;
    }

    private void updateAll(BackendState state, String reason) {
        Member[] all = replaced(m -> changed(m, state, reason));
        Arrays.stream(all).forEach(m -> byId.put(m.backend().id(), m));
        publish(byId, all);
    }

    private Member changed(Member member, BackendState state, String reason) {
        if (member.state() != state) {
            events.note(l -> l.stateChanged(name(), member.backend(), member.state(), state, reason));
        }
        return member.with(state, reason);
    }

    private Member[] replaced(UnaryOperator<Member> change) {
        Member[] all = members.clone();
        Arrays.setAll(all, i -> change.apply(all[i]));
        return all;
    }

    private Member newcomer(Backend backend) {
        return probed
                ? Member.of(backend, BackendState.UNPROBED, "no probe so far", events)
                : Member.of(backend, BackendState.UP, NOT_PROBED, events);
    }

    /** Another address under a known id is another place, whose health nobody knows. */
    private static boolean isSamePlace(Backend a, Backend b) {
        return a.address().equals(b.address());
    }

    private void noteDifference(Member[] old, Map<String, Member> before, Member[] all, Map<String, Member> next) {
        for (Member member : old) {
            if (!isStaying(member, next)) {
                events.note(l -> l.memberRemoved(name(), member.backend()));
            }
        }
        for (Member member : all) {
            if (!isStaying(member, before)) {
                events.note(l -> l.memberAdded(name(), member.backend()));
            }
        }
    }

    /** The load is what a member keeps for as long as it stays. */
    private static boolean isStaying(Member member, Map<String, Member> others) {
        Member other = others.get(member.backend().id());
        return other != null && other.load() == member.load();
    }

    private void publish(Map<String, Member> next, Member[] all) {
        checkArgument(all.length <= MAX_MEMBERS, "members: %s (expected: <= %s)", all.length, MAX_MEMBERS);
        byId = next;
        members = all;
        snapshot = PoolSnapshot.of(name(), snapshot.version() + 1, all);
    }

    private void announce() {
        PoolSnapshot latest = snapshot;
        subscribers.forEach(s -> tell(s, latest));
        events.deliver();
    }

    private void tell(Consumer<PoolSnapshot> subscriber, PoolSnapshot latest) {
        try {
            subscriber.accept(latest);
        } catch (Throwable fault) {
            faults().caught("subscriber", fault);
        }
    }
}
