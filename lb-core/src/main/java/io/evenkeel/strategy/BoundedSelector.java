package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The first in the key's order that has room for one more. */
final class BoundedSelector implements Selector {
    private final OrderedSelector order;
    private final Member[] members;
    private final double factor;
    private final double weights;
    private final Census census;
    private final Predicate<Member> hasRoom = this::hasRoom;

    BoundedSelector(OrderedSelector order, Member[] members, double factor, Census census) {
        this.order = order;
        this.members = members;
        this.factor = factor;
        this.weights = Arrays.stream(members).mapToDouble(Member::weight).sum();
        this.census = census;
    }

    @Override
    public @Nullable Member select(PickContext context) {
        census.sometimesCount();
        Member member = order.first(context, hasRoom);
        return member != null ? member : selectOther(context);
    }

    /** What a member may hold of all open picks and one more; not rounded up yet. */
    static double bound(double factor, long total, double weight, double weights) {
        return factor * (total + 1) * weight / weights;
    }

    /** One more than it has is at most the bound rounded up if what it has is below the bound. */
    private boolean hasRoom(Member member) {
        return member.load().inFlight() < bound(factor, census.total(), member.weight(), weights);
    }

    /** Many have no room, or all: then the census is behind. By an exact one somebody has. */
    private @Nullable Member selectOther(PickContext context) {
        census.countAll();
        Member again = order.first(context, hasRoom);
        if (again != null || members.length == 0) {
            return again;
        }
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
