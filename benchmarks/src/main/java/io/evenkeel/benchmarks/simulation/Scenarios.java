package io.evenkeel.benchmarks.simulation;

import java.util.List;
import java.util.stream.Stream;

/** All scenarios, in the order of the table. */
final class Scenarios {
    private Scenarios() {}

    static List<Scenario> all() {
        return Stream.of(Buoyant.all(), SharedMachines.all(), QueuedServers.all(), RollingRestart.all(), Subsets.all())
                .flatMap(List::stream)
                .toList();
    }
}
