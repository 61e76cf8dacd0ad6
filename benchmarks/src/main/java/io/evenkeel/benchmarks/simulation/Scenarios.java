package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Claim.reproduces;
import static io.evenkeel.benchmarks.simulation.Contender.PEAK_EWMA;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Contender.TWO_CHOICES;

import java.util.List;

/** The scenarios. */
final class Scenarios {
    /** Not in the list of contenders yet; its targets wait for it. */
    private static final String ADAPTIVE = "adaptive";

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                buoyant("buoyant", "One of 11 servers is slow for half of the time")
                        .claims(
                                reproduces(ROUND_ROBIN, 95.46, 0.1),
                                reproduces(TWO_CHOICES, 99.41, 0.1),
                                reproduces(PEAK_EWMA, 99.91, 0.1),
                                atLeast(ADAPTIVE, 99.94)),
                buoyant("buoyant-timeout", "The same, clients give up after 1 s")
                        .timeoutMillis(1000)
                        .claims(
                                reproduces(ROUND_ROBIN, 95.46, 0.1),
                                reproduces(TWO_CHOICES, 99.05, 0.1),
                                reproduces(PEAK_EWMA, 99.80, 0.1),
                                atLeast(ADAPTIVE, 99.95)),
                buoyant("buoyant-20", "The same load from 20 clients")
                        .clients(20)
                        .claims(
                                reproduces(ROUND_ROBIN, 95.46, 0.1),
                                reproduces(TWO_CHOICES, 98.76, 0.1),
                                reproduces(PEAK_EWMA, 99.84, 0.1),
                                atLeast(ADAPTIVE, 99.90)));
    }

    /** Buoyant, Beyond Round Robin: Load Balancing for Latency (2016). */
    private static Scenario buoyant(String name, String title) {
        return new Scenario(name, title)
                .servers(11)
                .perSecond(1000)
                .seconds(60)
                .work(Work.recorded())
                .limitMillis(1000)
                .script(fleet -> {
                    fleet.at(15, () -> fleet.server(0).stretch(10));
                    fleet.at(45, () -> fleet.server(0).stretch(1));
                });
    }
}
