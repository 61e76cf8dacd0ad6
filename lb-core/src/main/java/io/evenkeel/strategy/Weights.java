package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import java.util.List;

/** The weights of the members of one snapshot. */
final class Weights {
    private Weights() {}

    static int[] of(List<Member> members) {
        int[] weights = new int[members.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = members.get(i).weight();
        }
        return weights;
    }

    static boolean areEqual(List<Member> members) {
        for (Member member : members) {
            if (member.weight() != members.get(0).weight()) {
                return false;
            }
        }
        return true;
    }
}
