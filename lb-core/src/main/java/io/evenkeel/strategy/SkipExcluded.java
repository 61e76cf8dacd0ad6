package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks again while the choice is excluded, and then looks through the members. */
record SkipExcluded(Selector selector, List<Member> selectable) implements Selector {
    /** With half the members excluded, eight draws fail together once in 256 times. */
    private static final int DRAWS = 8;

    @Override
    public @Nullable Member select(PickContext context) {
        Member first = selector.select(context);
        return !context.hasExclusions() || first == null || !context.excludes(first.backend())
                ? first
                : selectOther(context);
    }

    private @Nullable Member selectOther(PickContext context) {
        PickContext choice = context;
        for (int draw = 0; draw < DRAWS; draw++) {
            choice = choice.nextChoice();
            Member member = selector.select(choice);
            if (member != null && !context.excludes(member.backend())) {
                return member;
            }
        }
        // The draws ended at a place that depends on the key alone, so the walk from there is as stable as they are.
        int start = Mix.reduce(Mix.spread(choice.key()), selectable.size());
        for (int i = 0; i < selectable.size(); i++) {
            Member member = selectable.get((start + i) % selectable.size());
            if (!context.excludes(member.backend())) {
                return member;
            }
        }
        return null;
    }
}
