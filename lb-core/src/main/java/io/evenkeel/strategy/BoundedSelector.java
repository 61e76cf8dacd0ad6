package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The first in the key's order that has room for one more. */
final class BoundedSelector implements Selector {
    private final OrderedSelector order;
    private final Member[] members;
    private final double factorPerWeight;
    private final RandomGenerator random;
    private final Census census;
    private final Predicate<Member> hasRoom = this::hasRoom;

    BoundedSelector(OrderedSelector order, Member[] members, double factor, RandomGenerator random) {
        this.order = order;
        this.members = members;
        this.factorPerWeight =
                factor / Arrays.stream(members).mapToDouble(Member::weight).sum();
        this.random = random;
        this.census = new Census(members, random);
    }

    @Override
    public @Nullable Member select(PickContext context) {
        census.sometimesCount();
        Predicate<Member> isSuitable =
                context.hasExclusions() ? hasRoom.and(m -> !context.excludes(m.backend())) : hasRoom;
        Member member = order.first(context, isSuitable);
        return member != null ? member : selectOther(context, isSuitable);
    }

    /** What a member may hold when there is one more than the total; not rounded up yet. */
    static double bound(double factorPerWeight, int weight, long total) {
        return factorPerWeight * weight * (total + 1);
    }

    /** One more than it has is at most the bound, rounded up, if what it has is below the bound. */
    private boolean hasRoom(Member member) {
        return member.load().inFlight() < bound(factorPerWeight, member.weight(), census.total());
    }

    /** Many have no room, or all: then the census is behind. By an exact one somebody has. */
    private @Nullable Member selectOther(PickContext context, Predicate<Member> isSuitable) {
        census.countAll();
        long start = context.hasKey() ? Mix.next(context.key()) : random.nextLong();
        int first = Mix.reduce(start, members.length);
        Member member = order.first(context, isSuitable);
        for (int i = 0; member == null && i < members.length; i++) {
            Member other = members[(first + i) % members.length];
            member = isSuitable.test(other) ? other : null;
        }
        return member != null ? member : order.select(context);
    }
}
