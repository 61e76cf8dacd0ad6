package io.evenkeel.pool;

import io.evenkeel.backend.BackendState;
import java.util.Arrays;
import java.util.Collections;
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
    public static final PoolSnapshot NONE = of("", 0, Selection.Choice.NOBODY, Selection.Choice.NONE);

    private final String pool;
    private final long version;
    private final Member[] all; // behind the lists, for walks
    private final Member[] chosen;
    private final Member[] unmetered; // the chosen as the pool has them, where they are metered; else nobody
    private final List<Member> members;
    private final List<Member> selectable;
    private final List<Member> reserve;
    private final boolean isPanicking;

    private PoolSnapshot(String pool, long version, Member[] all, Selection.Choice choice, Member[] unmetered) {
        this.pool = pool;
        this.version = version;
        this.all = all;
        this.chosen = choice.selectable();
        this.unmetered = unmetered;
        this.members = listOf(all);
        this.selectable = listOf(chosen);
        this.reserve = listOf(choice.reserve());
        this.isPanicking = choice.isPanic();
    }

    /** Without a copy: nobody writes the array. */
    private static List<Member> listOf(Member[] array) {
        return Collections.unmodifiableList(Arrays.asList(array));
    }

    /** The array must not change afterwards. */
    static PoolSnapshot of(String pool, long version, Member[] members, Selection.Choice choice) {
        return new PoolSnapshot(pool, version, members, choice, Selection.Choice.NOBODY);
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
        boolean isMetered = earlier.unmetered.length > 0;
        Member[] followed = Difference.between(earlier.unmetered, chosen)
                .carry(
                        isMetered ? earlier.chosen : earlier.unmetered,
                        i -> chosen[i].metered(meterOf.apply(chosen[i])));
        Member[] followedToo =
                reserve.stream().map(m -> m.metered(meterOf.apply(m))).toArray(Member[]::new);
        Selection.Choice choice = new Selection.Choice(followed, followedToo, isPanicking);
        return new PoolSnapshot(pool, version, all, choice, chosen);
    }

    /** How all members differ from those of an earlier snapshot; as quick as a walk through both lists. */
    public Difference membersSince(PoolSnapshot earlier) {
        return Difference.between(earlier.all, all);
    }

    /** How the members that may be chosen differ from those of an earlier snapshot; as quick as a walk through both lists. */
    public Difference selectableSince(PoolSnapshot earlier) {
        return Difference.between(earlier.chosen, chosen);
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
