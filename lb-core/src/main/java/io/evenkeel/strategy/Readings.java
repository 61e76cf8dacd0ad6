package io.evenkeel.strategy;

import io.evenkeel.pool.Member;

/** The loads of the members of one snapshot, by their places. */
@FunctionalInterface
interface Readings {
    /** The load of the member at that place; 0 for none. */
    double at(int place);

    /** A metric that reads its loads without a look at the members: ten thousand of them are in no near cache. */
    interface Direct extends LoadMetric {
        Readings of(Member[] members);
    }

    static Readings of(LoadMetric metric, Member[] members) {
        return metric instanceof Direct direct ? direct.of(members) : place -> metric.of(members[place]);
    }
}
