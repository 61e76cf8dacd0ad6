package io.evenkeel.strategy;

import com.google.common.collect.Maps;
import io.evenkeel.backend.Backend;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Goes to whom the context prefers, if it may be had. Asks again while the choice is excluded, and then looks through the
 * members; takes those outside the fault domains of what was excluded first, and comes to the reserve when nobody else is
 * left.
 */
final class SkipExcluded implements Selector {
    /** With half the members excluded, eight draws fail together once in 256 times. */
    private static final int DRAWS = 8;

    private final Selector selector;
    private final List<Member> selectable;
    private final List<Member> reserve;
    private final RandomGenerator random;
    private volatile @Nullable Map<String, Member> byId;

    private SkipExcluded(Selector selector, List<Member> selectable, List<Member> reserve, RandomGenerator random) {
        this.selector = selector;
        this.selectable = selectable;
        this.reserve = reserve;
        this.random = random;
    }

    static Selector of(Selector selector, PoolSnapshot snapshot, RandomGenerator random) {
        return new SkipExcluded(selector, snapshot.selectable(), snapshot.reserve(), random);
    }

    @Override
    public @Nullable Member select(PickContext context) {
        return context.isPlain() ? selector.select(context) : selectPreferred(context);
    }

    private @Nullable Member selectPreferred(PickContext context) {
        Backend preferred = context.preferred();
        Member member = preferred == null ? null : byId().get(preferred.id());
        if (member != null && !context.excludes(member.backend())) {
            return member;
        }
        Member first = selector.select(context);
        return !context.hasExclusions() || (first != null && isFine(first, context))
                ? first
                : selectOther(first, context);
    }

    /** Made by the first pick that prefers somebody: most balancers never see one, and each change would pay for it. */
    private Map<String, Member> byId() {
        Map<String, Member> known = byId;
        if (known == null) {
            known = Maps.newHashMapWithExpectedSize(selectable.size());
            for (Member member : selectable) {
                known.put(member.backend().id(), member);
            }
            byId = known;
        }
        return known;
    }

    private @Nullable Member selectOther(@Nullable Member first, PickContext context) {
        // A keyed second choice is to be stable; without a key, a fixed start would send all retries to one member.
        long start = context.hasKey() ? Mix.next(context.key()) : random.nextLong();
        Member beside = null; // any of those drawn
        int drawn = 0;
        PickContext choice = context;
        for (int draw = 0; draw < DRAWS; draw++) {
            choice = choice.nextChoice();
            Member member = selector.select(choice);
            if (member == null || context.excludes(member.backend())) {
                continue;
            }
            if (isFine(member, context)) {
                return member;
            }
            beside = Mix.reduce(Mix.next(start + draw), ++drawn) == 0 ? member : beside;
        }
        Member found = walk(selectable, start, context);
        if (found != null && isFine(found, context)) {
            return found;
        }
        Member apart = walk(reserve, start, context);
        boolean isInOrder = selector instanceof OrderedSelector && first != null && !context.excludes(first.backend());
        Member second = isInOrder ? first : beside != null ? beside : found;
        return second == null || (apart != null && isFine(apart, context)) ? apart : second;
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

    static boolean isFine(Member member, PickContext context) {
        return !context.excludes(member.backend()) && !context.isBesideExcluded(member.backend());
    }
}
