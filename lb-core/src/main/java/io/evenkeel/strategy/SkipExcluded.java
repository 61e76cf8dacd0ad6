package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks again while the choice is excluded, and then looks through the members. Prefers those outside the fault domains of
 * what was excluded, and comes to the reserve when nobody else is left.
 */
record SkipExcluded(Selector selector, List<Member> selectable, List<Member> reserve) implements Selector {
    /** With half the members excluded, eight draws fail together once in 256 times. */
    private static final int DRAWS = 8;

    static Selector of(Selector selector, PoolSnapshot snapshot) {
        return new SkipExcluded(selector, snapshot.selectable(), snapshot.reserve());
    }

    @Override
    public @Nullable Member select(PickContext context) {
        Member first = selector.select(context);
        return !context.hasExclusions() || (first != null && isFine(first, context)) ? first : selectOther(context);
    }

    private @Nullable Member selectOther(PickContext context) {
        PickContext choice = context;
        for (int draw = 0; draw < DRAWS; draw++) {
            choice = choice.nextChoice();
            Member member = selector.select(choice);
            if (member != null && isFine(member, context)) {
                return member;
            }
        }
        // The draws ended at a place that depends on the key alone, so the walk from there is as stable as they are.
        long start = Mix.spread(choice.key());
        Member beside = walk(selectable, start, context);
        if (beside != null && isFine(beside, context)) {
            return beside;
        }
        Member apart = walk(reserve, start, context);
        return beside == null || (apart != null && isFine(apart, context)) ? apart : beside;
    }

    /** The first that is fine, else the first that is at least not excluded. */
    private static @Nullable Member walk(List<Member> members, long start, PickContext context) {
        Member second = null;
        int first = Mix.reduce(start, members.size());
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get((first + i) % members.size());
            if (isFine(member, context)) {
                return member;
            }
            if (second == null && !context.excludes(member.backend())) {
                second = member;
            }
        }
        return second;
    }

    private static boolean isFine(Member member, PickContext context) {
        return !context.excludes(member.backend()) && !context.isBesideExcluded(member.backend());
    }
}
