package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The first in the key's order that has room for one more. */
final class BoundedSelector implements Selector {
    private final OrderedSelector order;
    private final Member[] members;
    private final double factorPerWeight;
    private final Census census;
    private final Predicate<Member> hasRoom = this::hasRoom;

    BoundedSelector(OrderedSelector order, Member[] members, double factorPerWeight, Census census) {
        this.order = order;
        this.members = members;
        this.factorPerWeight = factorPerWeight;
        this.census = census;
    }

    @Override
    public @Nullable Member select(PickContext context) {
        census.sometimesCount();
        Member member = order.first(context, hasRoom);
        return member != null ? member : selectOther(context);
    }

    /** After this pick it must hold no more than its part of {@code factor * (total + 1)}, rounded up. */
    private boolean hasRoom(Member member) {
        return member.load().inFlight() < factorPerWeight * member.weight() * (census.total() + 1);
    }

    /** Many have no room, or all: the census may be behind. By an exact one somebody has. */
    private @Nullable Member selectOther(PickContext context) {
        census.countAll();
        long start = context.hasKey() ? Mix.next(context.key()) : ThreadRandom.INSTANCE.nextLong();
        int first = Mix.reduce(start, members.length);
        for (int i = 0; i < members.length; i++) {
            Member member = members[(first + i) % members.length];
            if (hasRoom(member)) {
                return member;
            }
        }
        return order.select(context);
    }
}
