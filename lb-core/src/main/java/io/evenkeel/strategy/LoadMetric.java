package io.evenkeel.strategy;

import io.evenkeel.pool.LoadStats;

/**
 * What load means to a strategy that looks for the least of it. Called for some members at each pick, by many threads: reads
 * and computes, and nothing else.
 */
@FunctionalInterface
public interface LoadMetric {

    /** The load of a member, 0 for none; strategies divide it by the member's weight. */
    double of(LoadStats load);

    /** Picks that have not ended: blind to what other clients do, and needs nothing from anybody. */
    static LoadMetric inFlight() {
        return LoadStats::inFlight;
    }
}
