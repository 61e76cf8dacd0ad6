package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A selector by a hash. A key's order is what it hashes to, and what the hashes that follow from it are: a member that is
 * passed over sends its keys to all the others, and not to a neighbour that would be next to overflow.
 *
 * <p>Source: Chen, Coleman and Shrivastava, "Revisiting consistent hashing with bounded loads", arXiv:1908.08762.
 */
record HashSelector(ToLongFunction<PickContext> hash, LongFunction<Member> owner) implements OrderedSelector {

    @Override
    public Member select(PickContext context) {
        return owner.apply(hash.applyAsLong(context));
    }

    @Override
    public @Nullable Member first(PickContext context, Predicate<Member> isSuitable) {
        long next = hash.applyAsLong(context);
        for (int draw = 0; draw < DRAWS; draw++) {
            Member member = owner.apply(next);
            if (isSuitable.test(member)) {
                return member;
            }
            next = Mix.next(next);
        }
        return null;
    }
}
