package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Claim.atMost;
import static io.evenkeel.benchmarks.simulation.Claim.reproduces;
import static io.evenkeel.benchmarks.simulation.Contender.ADAPTIVE;
import static io.evenkeel.benchmarks.simulation.Contender.PEAK_EWMA;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Contender.TWO_CHOICES;
import static io.evenkeel.benchmarks.simulation.Figure.ERRORS;
import static io.evenkeel.benchmarks.simulation.Figure.SUCCESS;

import io.evenkeel.okhttp.CallPolicy;
import java.util.List;

/**
 * 100 clients and 100 servers, half of them twice as slow, on machines shared with others. The experiments are those of
 * Prequal; the paper does not tell enough to repeat them, so the parameters are ours, chosen so that round robin, two
 * choices and Peak EWMA fare as an earlier simulation of ours had them.
 *
 * @see "Wydrowski, Kleinberg, Rumble and Archer, Load is not what you should balance: Introducing Prequal, NSDI 2024"
 */
final class SharedMachines {
    private static final int SERVERS = 100;

    /** Requests a second that all servers together are paid for. */
    private static final double ALLOCATION = SERVERS * 50 / 3.0;

    private static final Neighbours RESTLESS = new Neighbours(1.3, 4.7, 0.43, 7.5);

    /** On the ramp the neighbours stay longer, and leave more or less behind. */
    private static final Neighbours EXTREME = new Neighbours(0.85, 8, 0.38, 20);

    private static final double STEP_SECONDS = 10;
    private static final int STEPS = 9;

    private SharedMachines() {}

    static List<Scenario> all() {
        return List.of(
                scenario(
                                "shared-70",
                                "100 servers on shared machines at 70 % of their allocation; 100 clients",
                                RESTLESS)
                        .perSecond(0.7 * ALLOCATION)
                        .warmUp(10)
                        .thorough()
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 88.97, 1),
                                reproduces(TWO_CHOICES, SUCCESS, 90.44, 1),
                                reproduces(PEAK_EWMA, SUCCESS, 94.10, 1.5),
                                atLeast(ADAPTIVE, SUCCESS, 99.1)),
                scenario(
                                "shared-90",
                                "100 servers on shared machines at 90 % of their allocation; 100 clients",
                                RESTLESS)
                        .perSecond(0.9 * ALLOCATION)
                        .warmUp(10)
                        .plotted()
                        .thorough()
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 83.60, 1.5),
                                reproduces(TWO_CHOICES, SUCCESS, 85.68, 1),
                                reproduces(PEAK_EWMA, SUCCESS, 90.94, 1),
                                atLeast(ADAPTIVE, SUCCESS, 98.8)),
                scenario("shared-90-zipf", "The same; a few clients send most", RESTLESS)
                        .perSecond(0.9 * ALLOCATION)
                        .warmUp(10)
                        .skewed()
                        .thorough()
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 84.01, 2),
                                reproduces(TWO_CHOICES, SUCCESS, 89.30, 1.5),
                                reproduces(PEAK_EWMA, SUCCESS, 94.80, 1),
                                atLeast(ADAPTIVE, SUCCESS, 99)),
                scenario(
                                "shared-90-hedged",
                                "As shared-90; a second attempt after the p95, for one request of 20 at most",
                                RESTLESS)
                        .perSecond(0.9 * ALLOCATION)
                        .warmUp(10)
                        .hedged(CallPolicy.defaults().withHedgeAfterP95(), 0.05)
                        .thorough(),
                scenario(
                                "shared-ramp",
                                "100 servers on shared machines, from 75 % to 174 % of their allocation in nine steps; 100 clients",
                                EXTREME)
                        .perSecond(SharedMachines::ramp)
                        .seconds(STEPS * STEP_SECONDS)
                        .plotted()
                        .thorough()
                        .claims(
                                reproduces(ROUND_ROBIN, ERRORS, 17.7, 2),
                                reproduces(TWO_CHOICES, ERRORS, 9.6, 2),
                                atMost(ADAPTIVE, ERRORS, 0.01)));
    }

    private static Scenario scenario(String name, String title, Neighbours neighbours) {
        return new Scenario(name, title)
                .servers(SERVERS)
                .clients(100)
                .work(Work.exponential(57))
                .limitMillis(500)
                .timeoutMillis(5000)
                .script(fleet -> {
                    for (int i = 0; i < SERVERS; i += 2) {
                        fleet.server(i).speed(0.5);
                    }
                    neighbours.moveIn(fleet);
                });
    }

    private static double ramp(double time) {
        double load = 0.75 * ALLOCATION;
        for (int step = 1; step < STEPS && time >= step * STEP_SECONDS; step++) {
            load *= 10 / 9.0;
        }
        return load;
    }
}
