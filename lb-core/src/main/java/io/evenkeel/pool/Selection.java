package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.BackendState;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which members may be chosen. All of a pool's rules that look at more than one member are here.
 *
 * @param panicPercent below this share of members in good health, all are chosen from; 0 is never
 * @param whenNoneHealthy what to do without any
 * @param slowStart how the share of a newcomer grows
 */
record Selection(int panicPercent, WhenNoneHealthy whenNoneHealthy, SlowStart slowStart) {
    Selection {
        checkArgument(
                panicPercent >= 0 && panicPercent <= 100, "panicThreshold: %s (expected: 0 to 100)", panicPercent);
    }

    /** Who is chosen from, and whether that is in panic. */
    record Choice(List<Member> selectable, boolean isPanic) {}

    Choice of(Member[] members, long nowNanos) {
        boolean isPanic = isPanic(members);
        Predicate<Member> isChosen = isPanic ? Selection::wasWell : Selection::isWell;
        Member[] selectable = lowestPriority(members, isChosen);
        return new Choice(List.of(isRamping(selectable) ? ramped(selectable, nowNanos) : selectable), isPanic);
    }

    private static boolean isWell(Member member) {
        return member.state() == BackendState.UP && member.backend().weight() > 0;
    }

    /** Nobody who never passed a probe is tried in panic: a virtual machine that is not up yet cannot help. */
    private static boolean wasWell(Member member) {
        return member.standing().isWanted()
                && member.state() != BackendState.UNPROBED
                && member.backend().weight() > 0;
    }

    private boolean isPanic(Member[] members) {
        long known = Arrays.stream(members).filter(Selection::wasWell).count();
        long well = Arrays.stream(members).filter(Selection::isWell).count();
        if (known == 0) {
            return false;
        }
        return well * 100 < panicPercent * known || (well == 0 && whenNoneHealthy == WhenNoneHealthy.TRY_ALL);
    }

    private static Member[] lowestPriority(Member[] members, Predicate<Member> isChosen) {
        Member[] chosen = new Member[members.length];
        int count = 0;
        int priority = Integer.MAX_VALUE;
        for (Member member : members) {
            int own = member.backend().priority();
            if (own > priority || !isChosen.test(member)) {
                continue;
            }
            if (own < priority) {
                priority = own;
                count = 0;
            }
            chosen[count++] = member;
        }
        return Arrays.copyOf(chosen, count);
    }

    private static boolean isRamping(Member[] members) {
        return Arrays.stream(members).anyMatch(m -> m.standing().rampStartNanos() != Standing.FULL);
    }

    /** In hundredths for all of them, so that a member of weight 1 can have a part of it. */
    private Member[] ramped(Member[] members, long nowNanos) {
        Member[] weighed = new Member[members.length];
        Arrays.setAll(weighed, i -> {
            Member member = members[i];
            long start = member.standing().rampStartNanos();
            int percent = start == Standing.FULL ? 100 : slowStart.percentAfter(nowNanos - start);
            return member.weighing(member.backend().weight() * percent);
        });
        return weighed;
    }
}
