package io.evenkeel.strategy;

import io.evenkeel.pool.Member;

/** The loads of the members of one snapshot, by their places. */
interface Readings {
    /** The load of the member at that place; 0 for none. */
    double at(int place);

    /** The same of the next snapshot. */
    Readings next(Lineup lineup);

    /** A metric that reads its loads without a look at the members: ten thousand of them are in no near cache. */
    interface Direct extends LoadMetric {
        /** Of nobody yet. */
        Readings readings();
    }

    /** Of nobody yet. */
    static Readings by(LoadMetric metric) {
        return metric instanceof Direct direct ? direct.readings() : new OfMembers(metric, new Member[0]);
    }

    /** By a look at the member. */
    @SuppressWarnings("ArrayRecordComponent") // two are never compared
    record OfMembers(LoadMetric metric, Member[] members) implements Readings {
        @Override
        public double at(int place) {
            return metric.of(members[place]);
        }

        @Override
        public Readings next(Lineup lineup) {
            return new OfMembers(metric, lineup.members());
        }
    }
}
