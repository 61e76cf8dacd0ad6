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
    private final String pool;
    private final long version;
    private final List<Member> members;
    private final List<Member> selectable;
    private final List<Member> reserve;
    private final boolean isPanicking;
    private final List<Member> unmetered; // the selectable as they were before, where this one is metered

    private PoolSnapshot(
            String pool, long version, List<Member> members, Selection.Choice choice, List<Member> unmetered) {
        this.pool = pool;
        this.version = version;
        this.members = members;
        this.selectable = choice.selectable();
        this.reserve = choice.reserve();
        this.isPanicking = choice.isPanic();
        this.unmetered = unmetered;
    }

    /** The array must not change afterwards. */
    static PoolSnapshot of(String pool, long version, Member[] members, Selection.Choice choice) {
        // Without a copy: nobody else writes it.
        return new PoolSnapshot(pool, version, Collections.unmodifiableList(Arrays.asList(members)), choice, List.of());
    }

    /**
     * The same snapshot, whose members are followed by meters when they are picked. Balancers bind their strategies to it.
     *
     * @param meterOf the meter of a member, the same one for as long as the member stays; null for none
     */
    public PoolSnapshot metered(Function<Member, @Nullable Meter> meterOf) {
        return metered(meterOf, this);
    }

    /**
     * The same as {@link #metered(Function)}, where members that have not changed are taken over from what an earlier snapshot
     * became, and nobody is asked for their meters again.
     */
    public PoolSnapshot metered(Function<Member, @Nullable Meter> meterOf, PoolSnapshot earlier) {
        Selection.Choice choice = new Selection.Choice(
                metered(selectable, meterOf, earlier), metered(reserve, meterOf, earlier), isPanicking);
        return new PoolSnapshot(pool, version, members, choice, selectable);
    }

    private static List<Member> metered(
            List<Member> plain, Function<Member, @Nullable Meter> meterOf, PoolSnapshot earlier) {
        Member[] metered = plain.toArray(Member[]::new);
        Member[] before = earlier.unmetered.toArray(Member[]::new);
        Member[] after = earlier.selectable.toArray(Member[]::new);
        for (int i = 0; i < metered.length; i++) {
            boolean isAsBefore = i < before.length && before[i] == metered[i];
            metered[i] = isAsBefore ? after[i] : metered[i].metered(meterOf.apply(metered[i]));
        }
        return Collections.unmodifiableList(Arrays.asList(metered));
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
