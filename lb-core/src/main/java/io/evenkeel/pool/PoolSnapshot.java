package io.evenkeel.pool;

import io.evenkeel.backend.BackendState;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment: all members with their state, and those of them that may be chosen. Immutable; safe for use by
 * many threads.
 */
public final class PoolSnapshot {
    /** Without members: what a strategy that goes by differences starts from. */
    public static final PoolSnapshot NONE = of("", 0, Row.EMPTY, Selection.Choice.NONE);

    private final String pool;
    private final long version;
    private final Row all;
    private final Row chosen;
    private final Row unmetered; // the chosen as the pool has them, where they are metered; else nobody
    private final List<Member> members;
    private final List<Member> selectable;
    private final List<Member> reserve;
    private final boolean isPanicking;

    private PoolSnapshot(String pool, long version, Row all, Selection.Choice choice, Row unmetered) {
        this.pool = pool;
        this.version = version;
        this.all = all;
        this.chosen = choice.selectable();
        this.unmetered = unmetered;
        this.members = all.list();
        this.selectable = chosen.list();
        this.reserve = choice.reserve();
        this.isPanicking = choice.isPanic();
    }

    static PoolSnapshot of(String pool, long version, Row members, Selection.Choice choice) {
        return new PoolSnapshot(pool, version, members, choice, Row.EMPTY);
    }

    /**
     * The same snapshot, whose members are followed by meters when they are picked. Balancers bind their strategies to it.
     *
     * @param meterOf the meter of a member, the same one for as long as the member stays; null for none
     */
    public PoolSnapshot metered(Function<Member, @Nullable Meter> meterOf) {
        return metered(meterOf, NONE);
    }

    /**
     * The same as {@link #metered(Function)}, where members that have not changed are taken over from what an earlier snapshot
     * became, and nobody is asked for their meters again.
     */
    public PoolSnapshot metered(Function<Member, @Nullable Meter> meterOf, PoolSnapshot earlier) {
        Row before = earlier.unmetered == Row.EMPTY ? Row.EMPTY : earlier.chosen;
        Difference difference = chosen.since(earlier.unmetered);
        Member[] followed = difference.carry(before.members(), i -> metered(selectable.get(i), meterOf));
        Selection.Choice choice = new Selection.Choice(
                new Row(followed, before, difference),
                reserve.stream().map(m -> metered(m, meterOf)).toList(),
                isPanicking);
        return new PoolSnapshot(pool, version, all, choice, chosen);
    }

    private static Member metered(Member member, Function<Member, @Nullable Meter> meterOf) {
        return member.metered(meterOf.apply(member));
    }

    /** How all members differ from those of an earlier snapshot. A walk through both lists, unless one was made of the other. */
    public Difference membersSince(PoolSnapshot earlier) {
        return all.since(earlier.all);
    }

    /** How the members that may be chosen differ from those of an earlier snapshot, likewise. */
    public Difference selectableSince(PoolSnapshot earlier) {
        return chosen.since(earlier.chosen);
    }

    /** The name of the pool. */
    public String pool() {
        return pool;
    }

    /** Grows with every change of the pool. */
    public long version() {
        return version;
    }

    /** All members, in the order in which they were declared. */
    public List<Member> members() {
        return members;
    }

    /** The members that may be chosen; strategies use these and nothing else. */
    public List<Member> selectable() {
        return selectable;
    }

    /**
     * Members that are well but get no picks, since those of a lower priority number or a nearer zone carry everything. A
     * retry may go to them when it has failed with all that are selectable.
     */
    public List<Member> reserve() {
        return reserve;
    }

    /** Whether too few members are well, so that all are chosen from, well or not. */
    public boolean isPanicking() {
        return isPanicking;
    }

    /** The member of that id. Looks at one member after the other. */
    public Optional<Member> member(String id) {
        return members.stream().filter(m -> m.backend().id().equals(id)).findFirst();
    }

    /** How many members get no new picks because of their health: Azure's probe log asks for it. */
    public int out() {
        return (int) members.stream().filter(m -> m.state() != BackendState.UP).count();
    }

    /** One line for each member, for logs and exceptions. */
    @Override
    public String toString() {
        return members.stream()
                .map(Member::toString)
                .collect(Collectors.joining("\n  ", "pool \"" + pool + "\" (snapshot " + version + ")\n  ", ""));
    }
}
