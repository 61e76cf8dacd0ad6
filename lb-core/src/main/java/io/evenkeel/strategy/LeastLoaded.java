package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws candidates, and takes the one with the least load for its weight. */
record LeastLoaded(int choices, LoadMetric metric, RandomGenerator random) implements SelectionStrategy {

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public @Nullable Meter meterFor(Member member) {
        return metric.meterFor(member);
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        return selectorAmong(snapshot.selectable());
    }

    Selector selectorAmong(List<Member> members) {
        Member[] all = members.toArray(Member[]::new);
        if (all.length < 2) {
            return all.length == 0 ? context -> null : context -> all[0];
        }
        int drawn = Math.min(choices, all.length);
        if (!Weights.areEqual(all)) {
            AliasTable table = AliasTable.of(Weights.of(all));
            return context -> lightestByWeight(all, table, drawn);
        }
        if (drawn > 2) {
            return context -> lightest(all, drawn);
        }
        if (metric instanceof InFlight) {
            LoadStats[] loads = InFlight.of(all);
            return context -> all[lighterOfTwo(loads)];
        }
        return context -> lighterOfTwo(all);
    }

    /** The same as with any metric, without a look at the members: ten thousand of them are in no near cache. */
    private int lighterOfTwo(LoadStats[] loads) {
        int n = loads.length;
        int first = Mix.reduce(random.nextLong(), n);
        int second = Mix.reduce(random.nextLong(), n - 1);
        second += second >= first ? 1 : 0;
        return loads[first].inFlight() <= loads[second].inFlight() ? first : second;
    }

    /** The usual case: two different members, each as likely as any. */
    private Member lighterOfTwo(Member[] members) {
        int n = members.length;
        int first = Mix.reduce(random.nextLong(), n);
        // Drawn from one fewer and shifted past the first, so that the two always differ.
        int second = Mix.reduce(random.nextLong(), n - 1);
        second += second >= first ? 1 : 0;
        Member a = members[first];
        Member b = members[second];
        return metric.of(a) <= metric.of(b) ? a : b;
    }

    /**
     * One from each of as many equal stretches as there are choices, from a random start: so all differ without remembering
     * which were drawn, and each member is as likely as any.
     */
    private Member lightest(Member[] members, int drawn) {
        int n = members.length;
        int stretch = n / drawn;
        int start = Mix.reduce(random.nextLong(), n);
        Member best = members[start];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < drawn; i++) {
            Member member = members[(start + i * stretch + Mix.reduce(random.nextLong(), stretch)) % n];
            double load = metric.of(member);
            if (load < least) {
                best = member;
                least = load;
            }
        }
        return best;
    }

    /**
     * Drawn by weight, so that idle members share by weight; then by load for a unit of weight. The same may be drawn twice:
     * if it could not, heavy members would get less than their share.
     */
    private Member lightestByWeight(Member[] members, AliasTable table, int drawn) {
        Member best = members[table.draw(random)];
        double least = cost(best);
        for (int i = 1; i < drawn; i++) {
            Member member = members[table.draw(random)];
            double cost = cost(member);
            if (cost < least) {
                best = member;
                least = cost;
            }
        }
        return best;
    }

    private double cost(Member member) {
        return metric.of(member) / member.weight();
    }
}
