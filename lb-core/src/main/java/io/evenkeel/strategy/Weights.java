package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.List;

/** The weights of the members of one snapshot. */
final class Weights {
    private Weights() {}

    static int[] of(List<Member> members) {
        return members.stream().mapToInt(Member::weight).toArray();
    }

    static boolean areEqual(List<Member> members) {
        return members.stream().allMatch(m -> m.weight() == members.get(0).weight());
    }
}
