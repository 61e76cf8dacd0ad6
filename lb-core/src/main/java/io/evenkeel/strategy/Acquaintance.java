package io.evenkeel.strategy;

import io.evenkeel.pool.Difference;
import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The members that one client looks at and its experience with each, in the order of a random place that each keeps.
 * The places are the client's own, so that clients do not all look at the same members first. Immutable once it is
 * made.
 */
final class Acquaintance {
    static final Acquaintance NONE = new Acquaintance(new Member[0], new Experience[0]);

    /** Many are put in more quickly by a sort. */
    private static final int MOST_PUT_IN = 16;

    private static final Comparator<Experience> BY_PLACE = Comparator.comparingLong(Experience::place);

    private final Member[] members; // by place
    private final Experience[] experiences;

    private Acquaintance(Member[] members, Experience[] experiences) {
        this.members = members;
        this.experiences = experiences;
    }

    Member[] members() {
        return members;
    }

    /** With each of the members. */
    Experience[] experiences() {
        return experiences;
    }

    /** In the pool's own order, for a client that looks at all of them. */
    static Acquaintance withAll(Member[] given, Fleet fleet) {
        return new Acquaintance(given, experiences(given, fleet));
    }

    private static Experience[] experiences(Member[] members, Fleet fleet) {
        Experience[] experiences = new Experience[members.length];
        Arrays.setAll(experiences, i -> fleet.experienceWith(members[i], i));
        return experiences;
    }

    /** Made of nothing. */
    static Acquaintance sorted(Member[] given, Fleet fleet) {
        Experience[] known = experiences(given, fleet);
        Integer[] order = IntStream.range(0, given.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> known[i].place()))
                .toArray(Integer[]::new);
        Member[] members = new Member[given.length];
        Arrays.setAll(members, i -> given[order[i]]);
        Experience[] experiences = new Experience[given.length];
        Arrays.setAll(experiences, i -> known[order[i]]);
        return new Acquaintance(members, experiences);
    }

    /** The same of the next snapshot: where few differ from those before, only these are sorted. */
    Acquaintance after(Lineup before, Lineup now, Fleet fleet) {
        Member[] gone = at(now.difference().gone(), before.members());
        Member[] came = at(now.difference().came(), now.members());
        boolean isFew = gone.length + came.length <= MOST_PUT_IN && before.members().length == members.length;
        if (!isFew
                || !Arrays.stream(gone).allMatch(this::has)
                || !Arrays.stream(came).allMatch(Acquaintance::isMetered)) {
            return sorted(now.members(), fleet);
        }
        int[] from = Arrays.stream(gone).mapToInt(this::find).sorted().toArray();
        Acquaintance newcomers = sorted(came, fleet);
        int[] to = IntStream.range(0, came.length)
                .map(i -> i + staying(newcomers.members[i], from))
                .toArray();
        Difference difference = now.difference().inOrder(from, to);
        int[] next = new int[1]; // of the newcomers, asked for in their order
        Member[] all = difference.carry(members, i -> newcomers.members[next[0]++]);
        return new Acquaintance(all, difference.carry(experiences, i -> (Experience) all[i].meter()));
    }

    private static Member[] at(int[] places, Member[] members) {
        return Arrays.stream(places).mapToObj(i -> members[i]).toArray(Member[]::new);
    }

    private static boolean isMetered(Member member) {
        return member.meter() instanceof Experience;
    }

    private boolean has(Member member) {
        int at = isMetered(member) ? find(member) : -1;
        return at >= 0 && members[at] == member;
    }

    /** As by a binary search: negative for one that is not there, by its experience. */
    private int find(Member member) {
        return Arrays.binarySearch(experiences, (Experience) member.meter(), BY_PLACE);
    }

    /** How many come before that member, without those that are gone from these places. */
    private int staying(Member member, int[] gone) {
        int found = find(member);
        int at = found >= 0 ? found : -found - 1;
        return at - (int) Arrays.stream(gone).filter(i -> i < at).count();
    }
}
