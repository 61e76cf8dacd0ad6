package io.evenkeel.strategy;

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
    static final Acquaintance NONE = new Acquaintance(new Member[0], new Experience[0], new long[0], new Member[0]);

    /** Each that is put in moves those behind it; many are put in more quickly by a sort. */
    private static final int MOST_PUT_IN = 16;

    private final Member[] members; // by place
    private final Experience[] experiences;
    private final long[] places; // ascending
    private final Member[] given; // as the pool has them

    private Acquaintance(Member[] members, Experience[] experiences, long[] places, Member[] given) {
        this.members = members;
        this.experiences = experiences;
        this.places = places;
        this.given = given;
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
        return new Acquaintance(given, experiences(given, fleet), new long[0], new Member[0]);
    }

    private static Experience[] experiences(Member[] members, Fleet fleet) {
        Experience[] experiences = new Experience[members.length];
        Arrays.setAll(experiences, i -> fleet.experienceWith(members[i], i));
        return experiences;
    }

    private static Acquaintance sorted(Member[] given, Fleet fleet) {
        Experience[] known = experiences(given, fleet);
        Integer[] order = IntStream.range(0, given.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> known[i].place()))
                .toArray(Integer[]::new);
        Member[] members = new Member[given.length];
        Arrays.setAll(members, i -> given[order[i]]);
        Experience[] experiences = new Experience[given.length];
        Arrays.setAll(experiences, i -> known[order[i]]);
        long[] places = Arrays.stream(experiences).mapToLong(Experience::place).toArray();
        return new Acquaintance(members, experiences, places, given);
    }

    /** The same with members of whom most are as before: then nothing is sorted. */
    Acquaintance after(Member[] next, Fleet fleet) {
        int[] differing = IntStream.range(0, next.length)
                .filter(i -> i >= given.length || given[i] != next[i])
                .limit(MOST_PUT_IN + 1)
                .toArray();
        if (next.length != given.length || differing.length > MOST_PUT_IN) {
            return sorted(next, fleet);
        }
        Acquaintance after = new Acquaintance(members.clone(), experiences.clone(), places.clone(), next);
        for (int i : differing) {
            if (!after.put(next[i], fleet.experienceWith(next[i], i), given[i])) {
                return sorted(next, fleet);
            }
        }
        return after;
    }

    /** In place of another one, which may not be found if it was not known by its meter. */
    private boolean put(Member member, Experience experience, Member gone) {
        int from = gone.meter() instanceof Experience old ? Arrays.binarySearch(places, old.place()) : -1;
        if (from < 0 || members[from] != gone) {
            return false;
        }
        int found = Arrays.binarySearch(places, experience.place());
        int to = found >= 0 ? found : -found - 1;
        if (to > from) {
            to--; // all behind the one that is gone move up
        }
        move(from, to, members);
        move(from, to, experiences);
        move(from, to, places);
        members[to] = member;
        experiences[to] = experience;
        places[to] = experience.place();
        return true;
    }

    /** Takes one out of an array and makes room elsewhere in it. */
    @SuppressWarnings("SuspiciousSystemArraycopy") // called with arrays only
    private static void move(int from, int to, Object array) {
        if (to > from) {
            System.arraycopy(array, from + 1, array, from, to - from);
        } else {
            System.arraycopy(array, to, array, to + 1, from - to);
        }
    }
}
