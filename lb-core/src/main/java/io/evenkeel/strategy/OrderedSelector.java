package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A selector that has an order of members for every key, and selects the first. */
interface OrderedSelector extends Selector {
    /** With four of five members unsuitable, 32 draws in a row are so once in 1,200 times. */
    int DRAWS = 32;

    /** The first in the order of the context's key that is suitable; null if none was found in a reasonable time. */
    @Nullable
    Member first(PickContext context, Predicate<Member> isSuitable);

    /** Any selector has an order: what it selects for the key, and for the keys that follow from it. */
    static OrderedSelector of(Selector selector) {
        return selector instanceof OrderedSelector ordered ? ordered : new Redrawing(selector);
    }

    /** Costs an allocation for each further draw, since a context is all that a foreign selector takes. */
    record Redrawing(Selector selector) implements OrderedSelector {
        @Override
        public @Nullable Member select(PickContext context) {
            return selector.select(context);
        }

        @Override
        public @Nullable Member first(PickContext context, Predicate<Member> isSuitable) {
            PickContext choice = context;
            for (int draw = 0; draw < DRAWS; draw++) {
                Member member = selector.select(choice);
                if (member == null || isSuitable.test(member)) {
                    return member;
                }
                choice = choice.nextChoice();
            }
            return null;
        }
    }
}
