package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import java.util.Arrays;

/** Picks that have not ended. */
record InFlight() implements Readings.Direct {
    @Override
    public double of(Member member) {
        return member.load().inFlight();
    }

    @Override
    public Readings of(Member[] members) {
        LoadStats[] loads = new LoadStats[members.length];
        Arrays.setAll(loads, i -> members[i].load());
        return place -> loads[place].inFlight();
    }
}
