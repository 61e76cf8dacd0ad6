package io.evenkeel.strategy;

import com.google.common.base.Predicates;
import io.evenkeel.affinity.XxHash64;
import io.evenkeel.pool.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The order that each key has of the members: every pair of the two draws a number u between 0 and 1, and the largest
 * {@code weight / -ln u} comes first.
 *
 * <p>A pair's number depends on nobody else. So whoever leaves gives its keys to those that were second, and nothing else
 * moves; and a member is first for a part of the keys that is exactly its part of the weights. Source: Schindelhauer and
 * Schomaker, "Weighted distributed hash tables", SPAA 2005, for the weights.
 */
final class Ranking implements OrderedSelector {
    private static final int DRAWN_BITS = 52;

    private final KeyHash hash;
    private final Member[] members;
    private final long[] marks;
    private final double[] weights;
    private final boolean isEqual;

    Ranking(KeyHash hash, Roll roll) {
        this.hash = hash;
        this.members = roll.members();
        this.marks = Arrays.stream(roll.ids())
                .mapToLong(id -> XxHash64.hash(id.getBytes(StandardCharsets.UTF_8), 0))
                .toArray();
        this.weights = Arrays.stream(roll.weights()).asDoubleStream().toArray();
        this.isEqual = Arrays.stream(weights).allMatch(w -> w == weights[0]);
    }

    /** Passes over who is excluded, so that the second choice is the next in the order. */
    @Override
    public @Nullable Member select(PickContext context) {
        if (!context.hasExclusions()) {
            return first(context, Predicates.alwaysTrue());
        }
        Member apart = first(context, member -> SkipExcluded.isFine(member, context));
        return apart != null ? apart : first(context, member -> !context.excludes(member.backend()));
    }

    @Override
    public @Nullable Member first(PickContext context, Predicate<Member> isSuitable) {
        long key = hash.of(context);
        return isEqual ? largest(key, isSuitable) : heaviest(key, isSuitable);
    }

    /** With equal weights the largest number wins, and no logarithm is needed. */
    private @Nullable Member largest(long key, Predicate<Member> isSuitable) {
        Member best = null;
        long most = -1;
        for (int i = 0; i < members.length; i++) {
            long drawn = draw(key, i);
            if (drawn > most && isSuitable.test(members[i])) {
                best = members[i];
                most = drawn;
            }
        }
        return best;
    }

    private @Nullable Member heaviest(long key, Predicate<Member> isSuitable) {
        Member best = null;
        double most = 0;
        for (int i = 0; i < members.length; i++) {
            double u = (draw(key, i) + 0.5) / (1L << DRAWN_BITS);
            // Since 1 - u <= -ln u, this leaves few members whose logarithm must be found.
            if (weights[i] > most * (1 - u)) {
                double score = weights[i] / -Math.log(u);
                if (score > most && isSuitable.test(members[i])) {
                    best = members[i];
                    most = score;
                }
            }
        }
        return best;
    }

    private long draw(long key, int member) {
        return Mix.spread(key ^ marks[member]) >>> (Long.SIZE - DRAWN_BITS);
    }
}
