package io.evenkeel.strategy;

import io.evenkeel.pool.Member;
import io.evenkeel.pool.Meter;
import io.evenkeel.pool.PoolSnapshot;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws candidates, and takes the one with the least load for its weight. */
final class LeastLoaded implements SelectionStrategy {
    private final int choices;
    private final LoadMetric metric;
    private final RandomGenerator random;
    private Lineup lineup = Lineup.NONE; // as of the latest snapshot
    private Readings readings;

    LeastLoaded(int choices, LoadMetric metric, RandomGenerator random) {
        this.choices = choices;
        this.metric = metric;
        this.random = random;
        this.readings = Readings.by(metric);
    }

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
        Lineup now = lineup.next(snapshot);
        Readings loads = readings.next(now);
        lineup = now;
        readings = loads;
        Member[] all = now.members();
        if (all.length < 2) {
            return all.length == 0 ? context -> null : context -> all[0];
        }
        int drawn = Math.min(choices, all.length);
        if (!now.isEven()) {
            int[] weights = now.weights();
            AliasTable table = now.table();
            return context -> all[lightestByWeight(loads, weights, table, drawn)];
        }
        return drawn == 2
                ? context -> all[lighterOfTwo(loads, all.length)]
                : context -> all[lightest(loads, all.length, drawn)];
    }

    /** The usual case: two different members, each as likely as any. */
    private int lighterOfTwo(Readings loads, int members) {
        int first = Mix.reduce(random.nextLong(), members);
        // Drawn from one fewer and shifted past the first, so that the two always differ.
        int second = Mix.reduce(random.nextLong(), members - 1);
        second += second >= first ? 1 : 0;
        return loads.at(first) <= loads.at(second) ? first : second;
    }

    /**
     * One from each of as many equal stretches as there are choices, from a random start: so all differ without remembering
     * which were drawn, and each member is as likely as any.
     */
    private int lightest(Readings loads, int members, int drawn) {
        int stretch = members / drawn;
        int start = Mix.reduce(random.nextLong(), members);
        int best = start;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < drawn; i++) {
            int at = (start + i * stretch + Mix.reduce(random.nextLong(), stretch)) % members;
            double load = loads.at(at);
            if (load < least) {
                best = at;
                least = load;
            }
        }
        return best;
    }

    /**
     * Drawn by weight, so that idle members share by weight; then by load for a unit of weight. The same may be drawn twice:
     * if it could not, heavy members would get less than their share.
     */
    private int lightestByWeight(Readings loads, int[] weights, AliasTable table, int drawn) {
        int best = table.draw(random);
        double least = loads.at(best) / weights[best];
        for (int i = 1; i < drawn; i++) {
            int at = table.draw(random);
            double cost = loads.at(at) / weights[at];
            if (cost < least) {
                best = at;
                least = cost;
            }
        }
        return best;
    }
}
