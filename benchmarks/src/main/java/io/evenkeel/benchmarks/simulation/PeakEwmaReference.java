package io.evenkeel.benchmarks.simulation;

import io.evenkeel.backend.Backend;
import io.evenkeel.backend.Outcome;
import io.evenkeel.event.LoadBalancerListener;
import io.evenkeel.pool.Member;
import io.evenkeel.pool.PoolSnapshot;
import io.evenkeel.strategy.SelectionStrategy;
import io.evenkeel.strategy.Selector;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Peak EWMA by the formulas of Finagle, on two choices: the yardstick by which the simulator is right. It gives way to the
 * shipped one.
 */
final class PeakEwmaReference implements SelectionStrategy, LoadBalancerListener {
    private static final double DECAY_NANOS = 10e9;
    private static final double PENALTY = (1L << 47) - 1;

    private final RandomGenerator random;
    private final LongSupplier clock;
    private double[] costs = {};
    private long[] stamps = {};

    PeakEwmaReference(RandomGenerator random, LongSupplier clock) {
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Selector selectorFor(PoolSnapshot snapshot) {
        int n = snapshot.members().size();
        if (costs.length < n) {
            costs = new double[n];
            stamps = new long[n];
            java.util.Arrays.fill(stamps, clock.getAsLong());
        }
        Member[] all = snapshot.selectable().toArray(Member[]::new);
        if (all.length < 2) {
            return context -> all.length == 0 ? null : all[0];
        }
        return context -> {
            int first = random.nextInt(all.length);
            int second = random.nextInt(all.length - 1);
            second += second >= first ? 1 : 0;
            return load(all[first]) <= load(all[second]) ? all[first] : all[second];
        };
    }

    private double load(Member member) {
        int i = Fleet.indexOf(member.backend());
        observe(i, 0);
        long outstanding = member.load().inFlight();
        double load = costs[i] == 0 && outstanding != 0 ? PENALTY + outstanding : costs[i] * (outstanding + 1);
        return load / member.weight();
    }

    @Override
    public void completed(String pool, Backend backend, Outcome outcome, long elapsedNanos) {
        observe(Fleet.indexOf(backend), elapsedNanos);
    }

    private void observe(int i, double sample) {
        long now = clock.getAsLong();
        long elapsed = Math.max(0, now - stamps[i]);
        stamps[i] = now;
        if (sample > costs[i]) {
            costs[i] = sample;
        } else if (elapsed > 0 && costs[i] > 0) {
            double kept = Math.exp(-elapsed / DECAY_NANOS);
            costs[i] = sample * (1 - kept) + costs[i] * kept;
        }
    }
}
