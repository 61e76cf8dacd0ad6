package io.evenkeel.strategy;

import io.evenkeel.pool.Difference;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members that a strategy chooses from and their weights, by place; and how they differ from those before, so that
 * whatever was made for these is taken over. Immutable but for the table, which is made when it is first asked for.
 */
final class Lineup {
    /** Nobody yet. */
    static final Lineup NONE = new Lineup(
            PoolSnapshot.NONE, PoolSnapshot.NONE.selectableSince(PoolSnapshot.NONE), new Member[0], new int[0]);

    private final PoolSnapshot snapshot;
    private final Difference difference;
    private final Member[] members;
    private final int[] weights;
    private @Nullable AliasTable table;

    private Lineup(PoolSnapshot snapshot, Difference difference, Member[] members, int[] weights) {
        this.snapshot = snapshot;
        this.difference = difference;
        this.members = members;
        this.weights = weights;
    }

    Lineup next(PoolSnapshot latest) {
        Difference since = latest.selectableSince(snapshot);
        Member[] present = since.isNone() ? members : latest.selectable().toArray(Member[]::new);
        Lineup next = new Lineup(latest, since, present, since.carry(weights, i -> present[i].weight()));
        next.table = weighsAs(next) ? table : null;
        return next;
    }

    /** Nobody writes it, nor the others. */
    Member[] members() {
        return members;
    }

    int[] weights() {
        return weights;
    }

    /** How they differ from those before. */
    Difference difference() {
        return difference;
    }

    /** What is kept of each member: taken over from before, and found for those that came. */
    <T> T[] carry(T[] before, Function<Member, T> keep) {
        return difference.carry(before, i -> keep.apply(members[i]));
    }

    boolean isEmpty() {
        return members.length == 0;
    }

    /** Whether all weigh the same. */
    boolean isEven() {
        return Weights.areEqual(weights);
    }

    /** Whether what was made of these weights holds for those, too. */
    boolean weighsAs(Lineup other) {
        return Arrays.equals(weights, other.weights);
    }

    /** Draws places by weight. Not during a pick. */
    AliasTable table() {
        AliasTable made = table == null ? AliasTable.of(weights) : table;
        table = made;
        return made;
    }
}
