package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;

/** Picks that have not ended. */
record InFlight() implements Readings.Direct {
    @Override
    public double of(Member member) {
        return member.load().inFlight();
    }

    @Override
    public Readings readings() {
        return new Counts(new LoadStats[0]);
    }

    @SuppressWarnings("ArrayRecordComponent") // two are never compared
    private record Counts(LoadStats[] loads) implements Readings {
        @Override
        public double at(int place) {
            return loads[place].inFlight();
        }

        @Override
        public Readings next(Lineup lineup) {
            return new Counts(lineup.carry(loads, Member::load));
        }
    }
}
