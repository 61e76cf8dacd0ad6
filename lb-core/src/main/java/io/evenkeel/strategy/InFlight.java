package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import java.util.Arrays;

/** Picks that have not ended. */
record InFlight() implements LoadMetric {
    @Override
    public double of(Member member) {
        return member.load().inFlight();
    }

    static LoadStats[] of(Member[] members) {
        LoadStats[] loads = new LoadStats[members.length];
        Arrays.setAll(loads, i -> members[i].load());
        return loads;
    }
}
