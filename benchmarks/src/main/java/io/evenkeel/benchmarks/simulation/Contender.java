package io.evenkeel.benchmarks.simulation;

import io.evenkeel.strategy.LoadMetric;
import io.evenkeel.strategy.SelectionStrategy;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A strategy that takes part, as it is shipped.
 *
 * @param color of its lines in plots
 */
record Contender(String name, String color, Factory factory) {
    /** Makes an instance for one balancer; who asks servers finds them in the fleet. */
    @FunctionalInterface
    interface Factory {
        SelectionStrategy make(RandomGenerator random, Fleet fleet);
    }

    /** Of a strategy that is not in the list yet; what is expected of it waits until it is. */
    static final String ADAPTIVE = "adaptive";

    static final Contender ROUND_ROBIN =
            new Contender("round robin", "#8a8f98", (random, fleet) -> SelectionStrategy.roundRobin(random));
    static final Contender TWO_CHOICES = new Contender(
            "two choices",
            "#3b82c4",
            (random, fleet) -> SelectionStrategy.leastLoaded(2, LoadMetric.inFlight(), random));
    static final Contender PEAK_EWMA = new Contender(
            "Peak EWMA", "#d08a1d", (random, fleet) -> new PeakEwmaReference(random, fleet.timeline()::now));

    /** All of them, in the order of the table. A new strategy is one more line here. */
    static final List<Contender> ALL = List.of(ROUND_ROBIN, TWO_CHOICES, PEAK_EWMA);
}
