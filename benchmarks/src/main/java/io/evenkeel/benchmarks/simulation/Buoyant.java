package io.evenkeel.benchmarks.simulation;

import static io.evenkeel.benchmarks.simulation.Claim.atLeast;
import static io.evenkeel.benchmarks.simulation.Claim.atMost;
import static io.evenkeel.benchmarks.simulation.Claim.reproduces;
import static io.evenkeel.benchmarks.simulation.Contender.ADAPTIVE;
import static io.evenkeel.benchmarks.simulation.Contender.PEAK_EWMA;
import static io.evenkeel.benchmarks.simulation.Contender.ROUND_ROBIN;
import static io.evenkeel.benchmarks.simulation.Contender.TWO_CHOICES;
import static io.evenkeel.benchmarks.simulation.Figure.HEDGES;
import static io.evenkeel.benchmarks.simulation.Figure.SUCCESS;

import io.evenkeel.okhttp.CallPolicy;
import java.time.Duration;
import java.util.List;

/**
 * One of eleven servers takes ten times as long for half of the time. All parameters are published, so the figures must
 * come out as they are known.
 *
 * @see "Buoyant, Beyond Round Robin: Load Balancing for Latency, 2016"
 */
final class Buoyant {
    private static final double CLOSE = 0.1;

    private Buoyant() {}

    static List<Scenario> all() {
        return List.of(
                scenario("buoyant", "One of 11 servers is ten times slower from 15 s to 45 s; 1 client")
                        .trouble(15, 45)
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 95.46, CLOSE),
                                reproduces(TWO_CHOICES, SUCCESS, 99.41, CLOSE),
                                reproduces(PEAK_EWMA, SUCCESS, 99.91, CLOSE),
                                atLeast(ADAPTIVE, SUCCESS, 99.94)),
                scenario("buoyant-timeout", "The same; the client waits no longer than 1 s")
                        .timeoutMillis(1000)
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 95.46, CLOSE),
                                reproduces(TWO_CHOICES, SUCCESS, 99.05, CLOSE),
                                reproduces(PEAK_EWMA, SUCCESS, 99.80, CLOSE),
                                atLeast(ADAPTIVE, SUCCESS, 99.95)),
                scenario("buoyant-20", "The same load from 20 clients")
                        .clients(20)
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 95.46, CLOSE),
                                reproduces(TWO_CHOICES, SUCCESS, 98.76, CLOSE),
                                reproduces(PEAK_EWMA, SUCCESS, 99.84, CLOSE),
                                atLeast(ADAPTIVE, SUCCESS, 99.90)),
                scenario("buoyant-hedged", "As buoyant; a second attempt after 200 ms, for one request of 20 at most")
                        .hedged(CallPolicy.defaults().withHedgeDelay(Duration.ofMillis(200)), 0.05)
                        .claims(
                                reproduces(ROUND_ROBIN, SUCCESS, 98.06, CLOSE),
                                reproduces(TWO_CHOICES, SUCCESS, 99.99, CLOSE),
                                atLeast(ADAPTIVE, SUCCESS, 99.99),
                                atMost(ADAPTIVE, HEDGES, 2.5)));
    }

    private static Scenario scenario(String name, String title) {
        return new Scenario(name, title)
                .servers(11)
                .perSecond(1000)
                .work(Work.recorded())
                .limitMillis(1000)
                .script(fleet -> {
                    fleet.at(15, () -> fleet.server(0).stretch(10));
                    fleet.at(45, () -> fleet.server(0).stretch(1));
                });
    }
}
