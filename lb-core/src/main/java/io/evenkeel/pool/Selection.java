package io.evenkeel.pool;

import static com.google.common.base.Preconditions.checkArgument;

import io.evenkeel.backend.BackendState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Which members may be chosen. All of a pool's rules that look at more than one member are here.
 *
 * @param panicPercent below this share of members in good health, all are chosen from; 0 is never
 * @param whenNoneHealthy what to do without any
 * @param slowStart how the share of a newcomer grows
 * @param locality which zone is preferred
 */
record Selection(int panicPercent, WhenNoneHealthy whenNoneHealthy, SlowStart slowStart, Locality locality) {
    /** What the heaviest member weighs where weights are computed: fine enough for any share that matters. */
    private static final int FINE = 1_000_000;

    Selection {
        checkArgument(
                panicPercent >= 0 && panicPercent <= 100, "panicThreshold: %s (expected: 0 to 100)", panicPercent);
    }

    /** Who is chosen from, who could be if they all fail, and whether that is in panic. */
    record Choice(Row selectable, List<Member> reserve, boolean isPanic) {
        static final Choice NONE = new Choice(Row.EMPTY, List.of(), false);
    }

    Choice of(Roster roster, long nowNanos) {
        Member[] members = roster.members();
        Tally tally = roster.tally();
        if (isPanic(tally)) {
            return new Choice(new Row(lowestPriority(members, Selection::wasWell)), List.of(), true);
        }
        if (isEverybodyAlike(tally, members)) {
            return new Choice(roster.row(), List.of(), false);
        }
        List<Shares.Group> groups = groups(members, tally);
        List<Member> selectable = groups.size() > 1
                ? byShare(groups, nowNanos)
                : tally.ramping() > 0
                        ? byRamp(groups.get(0).members(), nowNanos)
                        : groups.get(0).members();
        boolean isAll = selectable.size() == tally.well();
        Row chosen = new Row(selectable.toArray(Member[]::new));
        return new Choice(chosen, isAll ? List.of() : reserve(members, selectable), false);
    }

    /** The usual case: all are well, of the same priority, and have what they were declared with. */
    private boolean isEverybodyAlike(Tally tally, Member[] members) {
        return tally.ramping() == 0
                && locality.zone().isEmpty()
                && tally.priorities().length == 1
                && tally.wellAt(0) == members.length;
    }

    static boolean isWell(Member member) {
        return member.state() == BackendState.UP && member.backend().weight() > 0;
    }

    /** Nobody who never passed a probe is tried in panic: a virtual machine that is not up yet cannot help. */
    static boolean wasWell(Member member) {
        return isWanted(member) && member.state() != BackendState.UNPROBED;
    }

    static boolean isWanted(Member member) {
        return member.standing().isWanted() && member.backend().weight() > 0;
    }

    private boolean isPanic(Tally tally) {
        int known = tally.known();
        int well = tally.well();
        return known > 0
                && (well * 100L < (long) panicPercent * known
                        || (well == 0 && whenNoneHealthy == WhenNoneHealthy.TRY_ALL));
    }

    private static Member[] lowestPriority(Member[] members, Predicate<Member> isChosen) {
        int lowest = Arrays.stream(members)
                .filter(isChosen)
                .mapToInt(m -> m.backend().priority())
                .min()
                .orElse(0);
        return Arrays.stream(members)
                .filter(m -> m.backend().priority() == lowest && isChosen.test(m))
                .toArray(Member[]::new);
    }

    /** The members that get a part of the traffic, by priority and zone. */
    private List<Shares.Group> groups(Member[] members, Tally tally) {
        int[] priorities = tally.priorities();
        int[] shares = tally.shares();
        List<Shares.Group> groups = new ArrayList<>();
        for (int i = 0; i < priorities.length; i++) {
            if (shares[i] > 0) {
                Locality preference = i == 0 ? locality : Locality.none();
                groups.addAll(Shares.ofZones(shares[i], wellAt(priorities[i], tally.wellAt(i), members), preference));
            }
        }
        return groups.isEmpty() ? List.of(new Shares.Group(1, List.of())) : groups;
    }

    private static List<Member> wellAt(int priority, int count, Member[] members) {
        List<Member> well = new ArrayList<>(count);
        for (Member member : members) {
            if (isWell(member) && member.backend().priority() == priority) {
                well.add(member);
            }
        }
        return well;
    }

    /** Whoever is well and gets no part: a retry may go there when all others have failed it. */
    private static List<Member> reserve(Member[] members, List<Member> selectable) {
        Set<LoadStats> chosen = new HashSet<>();
        selectable.forEach(m -> chosen.add(m.load()));
        return Arrays.stream(members)
                .filter(m -> isWell(m) && !chosen.contains(m.load()))
                .toList();
    }

    /** By declared weight; while somebody ramps, in hundredths of it for all, so that weight 1 can have a part. */
    private List<Member> byRamp(List<Member> members, long nowNanos) {
        boolean isRamping = members.stream().anyMatch(m -> m.standing().rampStartNanos() != Standing.FULL);
        return isRamping
                ? members.stream()
                        .map(m -> m.weighing((int) rampedWeight(m, nowNanos)))
                        .toList()
                : members;
    }

    /** Each group has its share, whatever the weights in it add up to. */
    private List<Member> byShare(List<Shares.Group> groups, long nowNanos) {
        List<Member> members = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (Shares.Group group : groups) {
            ToDoubleFunction<Member> weight = m -> rampedWeight(m, nowNanos);
            double sum = group.members().stream().mapToDouble(weight).sum();
            group.members().forEach(m -> {
                members.add(m);
                weights.add(group.share() * weight.applyAsDouble(m) / sum);
            });
        }
        double heaviest =
                weights.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        return IntStream.range(0, members.size())
                .mapToObj(i -> members.get(i).weighing((int) Math.max(1, Math.round(FINE * weights.get(i) / heaviest))))
                .toList();
    }

    private long rampedWeight(Member member, long nowNanos) {
        long start = member.standing().rampStartNanos();
        int percent = start == Standing.FULL ? 100 : slowStart.percentAfter(nowNanos - start);
        return (long) member.backend().weight() * percent;
    }
}
