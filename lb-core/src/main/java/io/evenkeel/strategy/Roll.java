package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Members in the order of their ids, so that the order of a list never matters. */
final class Roll {
    private final Member[] members;
    private final String[] ids;
    private final int[] weights;

    private Roll(Member[] members) {
        this.members = members;
        this.ids = Arrays.stream(members).map(Roll::id).toArray(String[]::new);
        this.weights = Arrays.stream(members).mapToInt(Member::weight).toArray();
    }

    static Roll of(List<Member> members) {
        return new Roll(members.stream().sorted(Comparator.comparing(Roll::id)).toArray(Member[]::new));
    }

    private static String id(Member member) {
        return member.backend().id();
    }

    Member[] members() {
        return members;
    }

    String[] ids() {
        return ids;
    }

    int[] weights() {
        return weights;
    }

    /** Whether these are its ids and weights: then a table that was made for them will do. */
    boolean has(String[] otherIds, int[] otherWeights) {
        return Arrays.equals(ids, otherIds) && Arrays.equals(weights, otherWeights);
    }
}
